import { Catch, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { internalProblem, problemOf, retryAfterOf, type Problem } from '../../../http/problem.js';
import { Refusal } from './refusal.js';

/** Answers what is refused in the provider's shapes. */
@Catch()
export class SmartleadFilter implements ExceptionFilter {
  private readonly logger = new Logger('http');

  catch(error: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (reply.sent) return;
    if (error instanceof Refusal) {
      reply.status(error.status).send({ error: error.message });
      return;
    }
    const known = problemOf(error);
    if (!known || known.status >= 500) this.logger.error({ msg: 'http.failed', error: String(error) });
    const problem = known ?? internalProblem();
    const retryAfter = Math.max(1, Math.ceil(retryAfterOf(error) ?? 1));
    if (problem.status === 429 || problem.status === 503) reply.header('retry-after', String(retryAfter));
    reply.status(problem.status).send(bodyOf(problem, retryAfter));
  }
}

function bodyOf({ status, detail }: Problem, retryAfter: number): object {
  switch (status) {
    case 401:
      return { message: 'Invalid API Key' };
    case 404:
      return { error: 'Resource not found' };
    case 429:
      return { error: { code: 'RATE_LIMIT_EXCEEDED', message: detail, retry_after: retryAfter } };
    case 500:
      return { error: 'Internal server error' };
    default:
      return { error: detail };
  }
}
