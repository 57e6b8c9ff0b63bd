import { Catch, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BadRequest, type PosthornError } from '../core/errors.js';
import type { ProviderApi } from '../core/provider-api.js';
import type { RequestMetrics } from './request-metrics.js';
import { internalProblem, PROBLEM_TYPE, problemOf, retryAfterOf } from './problem.js';

/**
 * Answers every error as a problem document, or below a provider's surface in its words. What it does not know is a 500
 * that tells nothing but its request id.
 */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('http');

  constructor(
    private readonly providerApis: ProviderApi[] = [],
    private readonly metrics?: RequestMetrics,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  answer(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const known = problemOf(isConnectionReset(error, request) ? connectionResetError() : error);
    if (!known || known.status >= 500) this.log(error, request);
    if (reply.sent) return;
    const problem = known ?? internalProblem();
    this.metrics?.refused(request, problem);
    const retryAfter = retryAfterOf(error);
    if (retryAfter !== undefined) reply.header('retry-after', String(Math.max(1, Math.ceil(retryAfter))));
    const providerApi = this.providerApis.find(({ path }) => isBelow(path, request.url));
    if (providerApi) {
      const {
        status,
        headers = {},
        body,
      } = providerApi.formatError({ ...problem, retryAfterSeconds: retryAfter });
      reply.status(status).headers(headers);
      if (typeof body === 'string') reply.type('text/plain; charset=utf-8');
      reply.send(body ?? undefined);
      return;
    }
    if (problem.status === 401) reply.header('www-authenticate', 'Bearer');
    reply.status(problem.status).type(PROBLEM_TYPE).send(JSON.stringify(problem));
  }

  private log(error: unknown, request: FastifyRequest): void {
    const fields = {
      msg: 'http.failed',
      request_id: request.id,
      method: request.method,
      // The template and not the path: a path holds other people's ids.
      route: request.routeOptions.url ?? 'unknown',
      error: error instanceof Error ? error.message : String(error),
    };
    this.logger.error(fields, error instanceof Error ? error.stack : undefined);
  }
}

/**
 * Whether the connection ended before the request did: its caller hung up or was too slow. That is no fault of ours, and who
 * needs no key for it must not fill the log. Only the reading of a body can fail like this; whatever else does comes after it.
 */
function isConnectionReset(error: unknown, { raw }: FastifyRequest): boolean {
  return !raw.complete && (error as { code?: unknown } | null)?.code === 'ECONNRESET';
}

/** An answer that nobody hears. */
function connectionResetError(): PosthornError {
  return new BadRequest('incomplete_request', 'The connection ended before the request did. Send it again.');
}

function isBelow(path: string, url: string): boolean {
  return url.startsWith(path) && /^(?:[/?]|$)/.test(url.slice(path.length));
}
