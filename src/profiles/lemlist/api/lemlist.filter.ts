import { Catch, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { internalProblem, problemOf, retryAfterOf, type Problem } from '../../../http/problem.js';

/** Their names for our fields. */
const THEIRS: Record<string, string> = { url: 'targetUrl', events: 'type' };

/** Answers what is refused in the provider's words: plain text, and a 401 without a body. */
@Catch()
export class LemlistFilter implements ExceptionFilter {
  private readonly logger = new Logger('http');

  catch(error: unknown, host: ArgumentsHost): void {
    const known = problemOf(error);
    if (!known || known.status >= 500) this.logger.error({ msg: 'http.failed', error: String(error) });
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (reply.sent) return;
    const retryAfter = retryAfterOf(error);
    if (retryAfter !== undefined) reply.header('retry-after', String(Math.ceil(retryAfter)));
    const { status, text } = refusalOf(known ?? internalProblem());
    if (status === 401) {
      reply.status(401).header('www-authenticate', 'Basic realm="lemlist"').send();
      return;
    }
    reply.status(status).type('text/plain; charset=utf-8').send(text);
  }
}

/** What was wrong stands behind their own word for it. */
function refusalOf({ status, detail, errors = [] }: Problem): { status: number; text: string } {
  if (status === 404) return { status, text: 'Webhook not found' };
  if (status !== 422) return { status, text: detail };
  const reasons = errors.map(({ path, message }) => `${nameOf(path)}: ${message}`);
  return { status: 400, text: ['Bad params:', ...reasons].join(' ') };
}

/** `scope.campaignId` is their `campaignId`. */
function nameOf(path: string): string {
  const name = /[a-z]+$/i.exec(path.replace(/\[\d+\]$/, ''))?.[0] ?? path;
  return THEIRS[name] ?? name;
}
