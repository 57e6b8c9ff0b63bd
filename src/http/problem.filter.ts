import { Catch, Logger, NotFoundException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BadRequest, PosthornError } from '../core/errors.js';
import type { ProviderApi } from '../core/provider-api.js';
import { RateLimitedLog } from '../lib/rate-limited-log.js';
import type { AllowedMethods } from './allowed-methods.js';
import type { RequestMetrics } from './request-metrics.js';
import {
  internalProblem,
  methodProblem,
  PROBLEM_TYPE,
  problemOf,
  retryAfterOf,
  type Problem,
} from './problem.js';

/**
 * Answers every error as a problem document, or in a provider API's format below its path. An unexpected error is a
 * 500 that contains nothing but its request id.
 */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('http');
  /** By what callers are told. While the database is away every request fails, and for the same reason. */
  private readonly outages = new Map<string, RateLimitedLog<object>>();
  /** Set once there are routes. */
  allowed?: AllowedMethods;

  constructor(
    private readonly providerApis: ProviderApi[] = [],
    private readonly metrics?: RequestMetrics,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  answer(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const known =
      this.wrongMethod(error, request, reply) ??
      problemOf(isConnectionReset(error, request) ? connectionResetError() : error);
    if (!known) this.logger.error(fieldsOf(error, request), error instanceof Error ? error.stack : undefined);
    else if (known.status >= 500) this.logOutage(known, fieldsOf(error, request));
    if (reply.sent) return;
    const problem = known ?? internalProblem();
    const retryAfter = retryAfterOf(error);
    this.metrics?.refused(request, problem, retryAfter);
    if (retryAfter !== undefined) reply.header('retry-after', String(Math.max(1, Math.ceil(retryAfter))));
    const providerApi = this.providerApiOf(request);
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

  /** The problem of a path that takes other methods; null when that is not what is wrong. */
  private wrongMethod(error: unknown, request: FastifyRequest, reply: FastifyReply): Problem | null {
    // Fastify may refuse a request to nowhere before it looks for the route: a QUERY without a content type.
    const isNowhere =
      error instanceof NotFoundException || (request.is404 && !(error instanceof PosthornError));
    if (!isNowhere || this.providerApiOf(request)) return null;
    const methods = this.allowed?.at(request.url) ?? [];
    if (methods.length === 0 || methods.includes(request.method)) return null;
    if (!reply.sent) reply.header('allow', methods.join(', '));
    return methodProblem(request.method, methods);
  }

  private providerApiOf({ url }: FastifyRequest): ProviderApi | undefined {
    return this.providerApis.find(({ path }) => isBelow(path, url));
  }

  private logOutage({ detail, code }: Problem, fields: object): void {
    const log =
      this.outages.get(detail) ??
      new RateLimitedLog<object>((line, dropped) => this.logger.error({ ...line, code, dropped }));
    this.outages.set(detail, log);
    log.log(fields);
  }
}

function fieldsOf(error: unknown, request: FastifyRequest): object {
  return {
    msg: 'http.failed',
    request_id: request.id,
    ...(request.traceId !== undefined && { trace_id: request.traceId }),
    method: request.method,
    // The route's template, because the path contains ids of others.
    route: request.routeOptions.url ?? 'unknown',
    error: error instanceof Error ? error.message : String(error),
  };
}

/**
 * Whether the connection ended before the request was read: the caller hung up or was too slow. Not logged, as it is
 * no fault of ours and anybody can cause it. Only reading a body fails like this.
 */
function isConnectionReset(error: unknown, { raw }: FastifyRequest): boolean {
  return !raw.complete && (error as { code?: unknown } | null)?.code === 'ECONNRESET';
}

/** An answer that nobody receives. */
function connectionResetError(): PosthornError {
  return new BadRequest(
    'incomplete_request',
    'The connection was closed before the request was complete. Send it again.',
  );
}

function isBelow(path: string, url: string): boolean {
  return url.startsWith(path) && /^(?:[/?]|$)/.test(url.slice(path.length));
}
