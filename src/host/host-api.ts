import {
  type DynamicModule,
  Inject,
  Injectable,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { HttpAdapterHost, ModuleRef } from '@nestjs/core';
import type { FastifyAdapter, NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Settings } from '../config/settings.js';
import { StartupError } from '../config/startup-error.js';
import { Unavailable } from '../core/errors.js';
import { LocalDispatch } from '../deliveries/local-dispatch.js';
import { Dispatcher } from '../dispatcher/dispatcher.js';
import { createHttpApp } from '../http/http-app.js';
import { ProcessMetrics } from '../telemetry/process-metrics.js';
import { readGivenBodies } from './given-body.js';
import { quietly } from './quietly.js';

/** Makes the root module of the API (`ApiInHost`): it may import what this folder may not. */
export type MakeRoot = (settings: Settings, metrics: ProcessMetrics) => DynamicModule;

/** What the API in an application is made of. */
export interface ApiParts {
  makeRoot: MakeRoot;
  /** Whether this process has a worker. */
  delivers: boolean;
}

export const API_PARTS = Symbol('parts of the API in an application');

const NO_FASTIFY =
  'PosthornModule: http: it needs @nestjs/platform-fastify, also in an application on Express. ' +
  'Install it: npm install @nestjs/platform-fastify.';

/**
 * The API as an application of its own, which listens nowhere: requests are handed to it. So the application's pipes,
 * interceptors and filters change nothing of its answers, nor it those of the application. It shares the database.
 */
@Injectable()
export class HostApi implements OnModuleInit, OnApplicationShutdown {
  private app: NestFastifyApplication | undefined;

  constructor(
    private readonly host: HttpAdapterHost,
    private readonly settings: Settings,
    private readonly metrics: ProcessMetrics,
    private readonly providers: ModuleRef,
    @Inject(API_PARTS) private readonly parts: ApiParts,
  ) {}

  async onModuleInit(): Promise<void> {
    // A context of the application, in a script or a test, answers no requests.
    if (!(this.host as Partial<HttpAdapterHost> | null)?.httpAdapter?.getType()) return;
    const Adapter = await loadAdapter();
    this.app = await quietly(() => this.start(Adapter));
    if (this.parts.delivers)
      this.app.get(LocalDispatch).attach(this.providers.get(Dispatcher, { strict: false }));
  }

  /** Answers the request. Resolves when the answer has been sent, or nobody waits for it any more. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { app } = this;
    if (!app) throw new Unavailable('The application starts or stops. Repeat the request.');
    // Its caller has hung up while its tenant was looked up: no answer would ever close.
    if (response.destroyed) return Promise.resolve();
    return new Promise((resolve) => {
      response.once('close', resolve);
      const fastify: FastifyInstance = app.getHttpAdapter().getInstance();
      fastify.routing(request, response);
    });
  }

  /** After the application's own requests, and before the database goes. */
  async onApplicationShutdown(): Promise<void> {
    await this.app?.close();
  }

  private async start(Adapter: typeof FastifyAdapter): Promise<NestFastifyApplication> {
    // Links and paths are the application's.
    const settings = Object.assign(new Settings(), this.settings, { publicUrl: '' });
    const root = this.parts.makeRoot(this.settings, this.metrics);
    const app = await createHttpApp(root, settings, [], this.metrics, { Adapter, docs: false });
    const fastify: FastifyInstance = app.getHttpAdapter().getInstance();
    readGivenBodies(fastify);
    await app.init();
    await fastify.ready();
    return app;
  }
}

/** Only who asks for `http` needs Fastify. */
async function loadAdapter(): Promise<typeof FastifyAdapter> {
  try {
    return (await import('@nestjs/platform-fastify')).FastifyAdapter;
  } catch (error) {
    throw new StartupError(`${NO_FASTIFY} (${error instanceof Error ? error.message : String(error)})`);
  }
}
