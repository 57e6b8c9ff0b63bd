import { Catch, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { internalProblem, problemOf, retryAfterOf, type Problem } from '../../../http/problem.js';

const CODES: Record<number, string> = {
  401: 'invalid_key',
  403: 'insufficient_permissions',
  404: 'webhook_not_found',
  429: 'rate_limited',
};

/** Answers what is refused in the provider's words. Their pages list codes; the shape around them is ours. */
@Catch()
export class LeadlexFilter implements ExceptionFilter {
  private readonly logger = new Logger('http');

  catch(error: unknown, host: ArgumentsHost): void {
    const known = problemOf(error);
    if (!known || known.status >= 500) this.logger.error({ msg: 'http.failed', error: String(error) });
    const problem = known ?? internalProblem();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (reply.sent) return;
    const retryAfter = retryAfterOf(error);
    if (retryAfter !== undefined) reply.header('retry-after', String(Math.ceil(retryAfter)));
    const { status, code, message } = refusalOf(problem);
    reply.status(status).send({ error: { code, message } });
  }
}

function refusalOf({ status, code, detail, errors }: Problem): {
  status: number;
  code: string;
  message: string;
} {
  const [issue] = errors ?? [];
  if (status !== 422 || !issue) return { status, code: CODES[status] ?? code, message: detail };
  const field = /^[a-z]+/.exec(issue.path)?.[0] ?? '';
  const theirs = field === 'url' || field === 'events' ? `invalid_${field}` : 'invalid_request';
  return { status: 400, code: theirs, message: `${issue.path}: ${issue.message}` };
}
