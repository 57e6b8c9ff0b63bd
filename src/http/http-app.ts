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

/** How long a refused client may take to read the error. */
const LINGER_MS = 1_000;

/**
 * The HTTP application around a root module. The caller listens, and closes it on a signal: shutdown hooks stay off,
 * because each role stops in its own order. Errors below the path of a provider API have that API's format.
 */
export async function createHttpApp(
  root: Type | DynamicModule,
  settings: Settings,
  providerApis: ProviderApi[] = [],
  metrics?: ProcessMetrics,
): Promise<NestFastifyApplication> {
  const requestMetrics = metrics && new RequestMetrics(metrics, settings.logWide);
  const filter = new ProblemFilter(providerApis, requestMetrics);
  const basePath = basePathOf(settings);
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT,
    trustProxy: settings.trustProxy.length > 0 && settings.trustProxy,
    requestIdHeader: false,
    genReqId: requestIdOf,
    keepAliveTimeout: 72_000,
    // A body must arrive in this time, so that slow senders do not pile up.
    requestTimeout: 30_000,
    http: {
      // Node swaps the two timeouts if this one is longer than the whole request's, as it is by default.
      headersTimeout: 30_000,
      // The default of 30 s lets a slow sender stay for a minute.
      connectionsCheckingInterval: 1_000,
    },
    forceCloseConnections: 'idle',
    // A name has up to 256 characters; the router counts a character outside the BMP as two.
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 512 },
    // A URL that the router cannot read reaches no hook and no filter of Nest.
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => {
      reply.header('x-request-id', request.id);
      filter.answer(error, request, reply);
    },
    clientErrorHandler: refuseConnection,
    ...(basePath !== '' && { rewriteUrl: ({ url = '/' }: IncomingMessage) => withoutBase(url, basePath) }),
  });
  const app = await NestFactory.create<NestFastifyApplication>(root, adapter, {
    bodyParser: false,
    // Nest would print the error and exit; the caller decides how the process ends.
    abortOnError: false,
    ...(settings.logLevel === 'silent' && { logger: false }),
  });
  const fastify = adapter.getInstance<FastifyInstance>();
  readJsonBodies(fastify);
  addHeaders(fastify);
  requestMetrics?.watch(fastify);
  endUnreadRequests(fastify);
  endConnectionsOnClose(fastify, settings.shutdownGraceMs);
  // Node would refuse an unknown Expect with an empty 417; RFC 9110 lets us ignore it.
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
    // Answers below /v1 contain keys, secrets and payloads.
    if (request.url.startsWith('/v1')) reply.header('cache-control', 'no-store');
    done();
  });
}

/** A request that Node cannot parse has no reply, only a socket. */
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
  // Not at once, or the answer is lost with the unread bytes; but also when the sender never closes.
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
}
