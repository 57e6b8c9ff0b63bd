import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Settings } from '../config/settings.js';
import type { ProcessMetrics } from '../telemetry/process-metrics.js';
import type { ProviderApi } from '../core/provider-api.js';
import { AllowedMethods } from './allowed-methods.js';
import { basePathOf, withoutBase } from './base-path.js';
import { compressAnswers } from './compress-answers.js';
import { serveDocs } from './docs.js';
import { endConnectionsOnClose } from './end-connections.js';
import { endUnread, endUnreadRequests } from './end-unread-requests.js';
import { endStreamsOfHead } from './head-streams.js';
import { BODY_LIMIT, readJsonBodies } from './json-body.js';
import { ProblemFilter } from './problem.filter.js';
import { refuseConnection, type ConnectionError, type PathFacts } from './refuse-connection.js';
import { requestIdOf } from './request-id.js';
import { RequestMetrics } from './request-metrics.js';
import { StrictValidationPipe } from './validation.pipe.js';

/**
 * The HTTP application around a root module. The caller listens, and closes it on a signal: shutdown hooks stay off,
 * because each role stops in its own order. Errors below the path of a provider API have that API's format. `Adapter`
 * stands for Fastify's where that is loaded late, and `docs: false` leaves out the description of the API.
 */
export async function createHttpApp(
  root: Type | DynamicModule,
  settings: Settings,
  providerApis: ProviderApi[] = [],
  metrics?: ProcessMetrics,
  { Adapter = FastifyAdapter, docs = true }: { Adapter?: typeof FastifyAdapter; docs?: boolean } = {},
): Promise<NestFastifyApplication> {
  const requestMetrics = metrics && new RequestMetrics(metrics, settings.logWide);
  const basePath = basePathOf(settings);
  const filter = new ProblemFilter(providerApis, requestMetrics);
  const adapter = new Adapter({
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
      reply.raw.once('finish', () => endUnread(request.raw));
      filter.answer(error, request, reply);
    },
    clientErrorHandler: (error: ConnectionError, socket: Socket) =>
      refuseConnection(error, socket, (url) => factsOf(filter.allowed, withoutBase(url, basePath))),
    ...(basePath !== '' && { rewriteUrl: ({ url = '/' }: IncomingMessage) => withoutBase(url, basePath) }),
  });
  const app = await NestFactory.create<NestFastifyApplication>(root, adapter, {
    bodyParser: false,
    // Nest would print the error and exit; the caller decides how the process ends.
    abortOnError: false,
    ...(settings.logLevel === 'silent' && { logger: false }),
  });
  const fastify = adapter.getInstance<FastifyInstance>();
  const allowed = new AllowedMethods(fastify);
  filter.allowed = allowed;
  fastify.decorate('allowedMethods', allowed);
  readJsonBodies(fastify);
  addHeaders(fastify);
  compressAnswers(fastify);
  endStreamsOfHead(fastify);
  requestMetrics?.watch(fastify);
  endUnreadRequests(fastify);
  endConnectionsOnClose(fastify, settings.shutdownGraceMs);
  ignoreExpectations(fastify);
  app.useGlobalFilters(filter);
  app.useGlobalPipes(new StrictValidationPipe());
  if (docs) serveDocs(fastify, basePath);
  return app;
}

function factsOf(allowed: AllowedMethods | undefined, url: string): PathFacts {
  return { methods: allowed?.at(url) ?? [], isGuarded: allowed?.isGuarded(url) ?? false };
}

/** Node would refuse an unknown `Expect` with an empty 417; RFC 9110 lets us ignore it. */
function ignoreExpectations({ server }: FastifyInstance): void {
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
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
