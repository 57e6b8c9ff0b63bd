import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Settings } from '../config/settings.js';
import type { ProcessMetrics } from '../telemetry/process-metrics.js';
import type { ProviderApi } from '../core/provider-api.js';
import { basePathOf, withoutBase } from './base-path.js';
import { serveDocs } from './docs.js';
import { endUnreadRequests } from './body-budget.js';
import { endConnectionsOnClose } from './end-connections.js';
import { BODY_LIMIT, readJsonBodies } from './json-body.js';
import { ProblemFilter } from './problem.filter.js';
import { PROBLEM_TYPE } from './problem.js';
import { requestIdOf } from './request-id.js';
import { RequestMetrics } from './request-metrics.js';
import { StrictValidationPipe } from './validation.pipe.js';

/** How long a refused connection may take to read why. */
const LINGER_MS = 1_000;

/**
 * The HTTP application around a root module, not listening yet. The caller listens, and closes it on a signal:
 * shutdown hooks stay off, because the order in which a process stops is its role's business. Below the `surfaces`, what is
 * refused is refused in their words.
 */
export async function createHttpApp(
  root: Type | DynamicModule,
  settings: Settings,
  providerApis: ProviderApi[] = [],
  metrics?: ProcessMetrics,
): Promise<NestFastifyApplication> {
  const requestMetrics = metrics && new RequestMetrics(metrics);
  const filter = new ProblemFilter(providerApis, requestMetrics);
  const basePath = basePathOf(settings);
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT,
    trustProxy: settings.trustProxy.length > 0 && settings.trustProxy,
    requestIdHeader: false,
    genReqId: requestIdOf,
    keepAliveTimeout: 72_000,
    // A body must arrive in this time, so slow senders cannot gather.
    requestTimeout: 30_000,
    http: {
      // Longer than the whole request's, as by default, Node would take the one for the other.
      headersTimeout: 30_000,
      // Every 30 s by default, which lets a slow sender stay for a minute.
      connectionsCheckingInterval: 1_000,
    },
    forceCloseConnections: 'idle',
    // A name has up to 256 characters; the router counts a character outside the BMP as two.
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 512 },
    // A URL the router cannot read never reaches a hook or Nest's filters.
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => {
      reply.header('x-request-id', request.id);
      filter.answer(error, request, reply);
    },
    clientErrorHandler: refuseConnection,
    ...(basePath !== '' && { rewriteUrl: ({ url = '/' }: IncomingMessage) => withoutBase(url, basePath) }),
  });
  const app = await NestFactory.create<NestFastifyApplication>(root, adapter, {
    bodyParser: false,
    // Nest would print what went wrong and exit; how a process ends is its main's business.
    abortOnError: false,
    ...(settings.logLevel === 'silent' && { logger: false }),
  });
  const fastify = adapter.getInstance<FastifyInstance>();
  readJsonBodies(fastify);
  addHeaders(fastify);
  requestMetrics?.watch(fastify);
  endUnreadRequests(fastify);
  endConnectionsOnClose(fastify, settings.shutdownGraceMs);
  // Node would refuse an unknown Expect with a bare 417; RFC 9110 lets us pass over it.
  fastify.server.on('checkExpectation', (request, response) =>
    fastify.server.emit('request', request, response),
  );
  app.useGlobalFilters(filter);
  app.useGlobalPipes(new StrictValidationPipe());
  serveDocs(fastify, basePath);
  return app;
}

function addHeaders(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    reply.header('x-content-type-options', 'nosniff');
    // Answers below /v1 hold keys, secrets and payloads.
    if (request.url.startsWith('/v1')) reply.header('cache-control', 'no-store');
    done();
  });
}

/** What Node cannot read as HTTP at all has no request to answer, only a socket. */
function refuseConnection(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return;
  const status =
    error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : error.code === 'HPE_HEADER_OVERFLOW' ? 431 : 400;
  const title = STATUS_CODES[status] ?? '';
  const code = title.toLowerCase().replaceAll(/[^a-z]+/g, '_');
  const body = JSON.stringify({
    type: `urn:posthorn:problem:${code}`,
    title,
    status,
    detail: `The request could not be read: ${title}.`,
    code,
  });
  socket.end(
    `HTTP/1.1 ${status} ${title}\r\nconnection: close\r\ncontent-type: ${PROBLEM_TYPE}\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
  // Not at once, or what we said is lost with what we have not read; but a sender that never closes goes, too.
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
}
