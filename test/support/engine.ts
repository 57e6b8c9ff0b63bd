import { randomBytes } from 'node:crypto';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ApiModule } from '../../src/app/api.module.js';
import { Settings } from '../../src/config/settings.js';
import type { Clock } from '../../src/lib/clock.js';
import { AttemptFeed, type AttemptNotice } from '../../src/dispatcher/settle/attempt-feed.js';
import { Sweeper } from '../../src/dispatcher/upkeep/sweeper.js';
import { createHttpApp } from '../../src/http/http-app.js';
import { ProcessMetrics } from '../../src/telemetry/process-metrics.js';
import { providerApis } from '../../src/profiles/registry.js';
import { WorkerModule } from '../../src/app/worker.module.js';
import { eventually } from './condition.js';
import { createTestDatabase } from './database.js';

export interface Answer<T> {
  status: number;
  headers: Headers;
  body: T;
}

export interface EngineOptions {
  /** The clock of every part of the engine; default: the database's time. */
  clock?: Clock;
  settings?: Partial<Settings>;
  /** The queue is on Redis when given. */
  redisUrl?: string;
  /** Gives the address at which the database is reached instead of its own. */
  through?: (url: string) => Promise<string>;
  api?: number;
  workers?: number;
}

/**
 * The whole engine in this process: real database, real queue, real HTTP. It can be opened again, on a new database.
 */
export class Engine {
  readonly attempts: AttemptNotice[] = [];
  readonly apis: NestFastifyApplication[] = [];
  readonly workers: INestApplicationContext[] = [];
  settings!: Settings;
  url = '';
  private drop: () => Promise<void> = () => Promise.resolve();
  private readonly ends: (() => Promise<unknown>)[] = [];

  /** Of all its parts, as in one process; new with each opening. */
  metrics!: ProcessMetrics;

  constructor(private readonly options: EngineOptions = {}) {}

  static async start(options?: EngineOptions): Promise<Engine> {
    const engine = new Engine(options);
    await engine.open();
    return engine;
  }

  get adminKey(): string {
    return this.settings.adminKey;
  }

  async open(): Promise<void> {
    const { settings, redisUrl = '', api = 1, workers = 1, through } = this.options;
    this.metrics = new ProcessMetrics();
    const database = await createTestDatabase();
    this.drop = database.drop;
    this.attempts.length = 0;
    this.url = '';
    this.settings = Object.assign(new Settings(), {
      databaseUrl: through ? await through(database.url) : database.url,
      redisUrl,
      adminKey: 'test-admin-key',
      encryptionKeys: [randomBytes(32).toString('base64')],
      allowHttp: true,
      allowTargets: ['127.0.0.0/8', '::1/128'],
      logLevel: 'silent',
      sweepIntervalMs: 200,
      shutdownGraceMs: 2_000,
      ...settings,
    });
    try {
      for (let i = 0; i < api; i += 1) await this.startApi();
      for (let i = 0; i < workers; i += 1) await this.startWorker();
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  async startApi(): Promise<string> {
    const app = await createHttpApp(
      ApiModule.forRoot(this.settings, { clock: this.options.clock, metrics: this.metrics }),
      this.settings,
      providerApis(),
      this.metrics,
    );
    this.apis.push(app);
    await app.listen(0, '127.0.0.1');
    const url = await app.getUrl();
    this.url ||= url;
    return url;
  }

  async startWorker(clock = this.options.clock): Promise<INestApplicationContext> {
    const worker = await NestFactory.createApplicationContext(
      WorkerModule.forRoot(this.settingsOfWorker(), { clock, metrics: this.metrics }),
      {
        abortOnError: false,
        logger: false,
      },
    );
    worker.get(AttemptFeed).onAttempt((notice) => this.attempts.push(notice));
    this.workers.push(worker);
    return worker;
  }

  /** The first worker shares the API's connections. Further ones have their own, as other processes do. */
  private settingsOfWorker(): Settings {
    return this.workers.length === 0 ? this.settings : Object.assign(new Settings(), this.settings);
  }

  async stopWorkers(): Promise<void> {
    await Promise.all(this.workers.splice(0).map((worker) => worker.close()));
  }

  /**
   * Looks for due deliveries now, as a worker does by itself every `sweepIntervalMs`. While such a look is under way it
   * would find nothing, and by a clock that stands still the worker's own ones never find what is due just now.
   */
  async sweep(): Promise<void> {
    const sweeper = this.workers[0]?.get(Sweeper);
    if (sweeper) await eventually(() => sweeper.sweep(0));
  }

  /** Calls the API with the admin key, or `key`. `body` is sent as JSON; a string as it is. */
  async call<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    {
      key = this.adminKey,
      headers = {},
      url = this.url,
    }: { key?: string; headers?: Record<string, string>; url?: string } = {},
  ): Promise<Answer<T>> {
    const response = await fetch(url + path, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const json = /[/+]json\b/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      headers: response.headers,
      body: (json && text ? JSON.parse(text) : text) as T,
    };
  }

  /** The same, and fails unless the status is 2xx. Gives the body. */
  async ok<T = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await this.call<T>(method, path, body);
    if (answer.status >= 300)
      throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  /** What must end before the engine does: the database is dropped with it. */
  beforeClose(end: () => Promise<unknown>): void {
    this.ends.push(end);
  }

  async close(): Promise<void> {
    for (const end of this.ends.splice(0)) await end();
    await this.stopWorkers();
    await Promise.all(this.apis.splice(0).map((api) => api.close()));
    await this.drop();
  }
}
