import type { AddressInfo } from 'node:net';
import { type INestApplicationContext, Logger } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { drain, openHealthPort } from './health-port.js';
import { LocalDispatch } from '../deliveries/local-dispatch.js';
import { Dispatcher } from '../dispatcher/dispatcher.js';
import { ApiModule } from './api.module.js';
import type { Settings } from '../config/settings.js';
import type { Clock } from '../lib/clock.js';
import { ProcessMetrics } from '../telemetry/process-metrics.js';
import { Database } from '../database/database.js';
import { DatabaseClock } from '../database/database-clock.js';
import { migrate } from '../database/migrate.js';
import { withSource } from '../database/migrate-at.js';
import { reclaimAllDeliveries } from '../deliveries/recover-deliveries.js';
import { createHttpApp } from '../http/http-app.js';
import { openTracing } from '../telemetry/open-tracing.js';
import type { Tracing } from '../telemetry/tracing.js';
import { openLog } from '../telemetry/log-output.js';
import { providerApis } from '../profiles/registry.js';
import { DeliveryQueue } from '../queue/delivery-queue.js';
import type { DueDelivery } from '../queue/deliver-job.js';
import { checkRedis } from '../queue/redis-check.js';
import { openOwnDatabase } from './own-database.js';
import { portProblem } from './port-problem.js';
import { WorkerModule } from './worker.module.js';

/** A running engine. */
export interface Posthorn {
  /** The HTTP application; absent in the role `worker`. */
  api?: NestFastifyApplication;
  /** The worker; absent in the role `api`. */
  worker?: INestApplicationContext;
  /** The API's URL; null in the role `worker`. */
  url: string | null;
  /** The URL of `/healthz`, `/readyz` and `/metrics` on their own port; null if it is off. */
  healthUrl: string | null;
  /** The given settings, with the embedded database's address and the generated keys filled in. */
  settings: Settings;
  /** The file with the admin key, when it was generated. */
  adminKeyFile: string | null;
  /** Rejects when the embedded database is gone for good. */
  lost: Promise<never>;
  /** Accepts no more requests, waits for those in flight, and stops everything. May be called more than once. */
  stop: () => Promise<void>;
}

/** What all containers of the process share. */
interface Telemetry {
  metrics: ProcessMetrics;
  tracing: Tracing;
  clock?: Clock;
}

/** How to stop what has been started so far. */
interface Started {
  /** Absent until everything runs: a start that fails drains nothing. */
  drain?: () => Promise<void>;
  apps: (() => Promise<void>)[];
  infrastructure: (() => Promise<void>)[];
}

/**
 * Starts the parts of the role. Throws `StartupError` when it cannot, after stopping what it had started.
 * @param clock replaces the database's time, for tests
 * @param opening the embedded database, where the caller has begun to start it
 */
export async function startPosthorn(
  settings: Settings,
  clock?: Clock,
  opening?: ReturnType<typeof openOwnDatabase>,
): Promise<Posthorn> {
  const log = await openLog(settings);
  Logger.overrideLogger(log);
  const started: Started = { apps: [], infrastructure: [] };
  let stopping: Promise<void> | undefined;
  const stop = () => (stopping ??= stopAll(started));
  try {
    const own = await (opening ?? openOwnDatabase(settings, log));
    if (own) started.infrastructure.push(own.close);
    const reclaimed = await prepareDatabase(settings, own !== null);
    await checkRedis(settings.redisUrl);
    const { tracing, close } = await openTracing(settings);
    started.infrastructure.push(close);
    const telemetry = { metrics: new ProcessMetrics(), tracing, ...(clock && { clock }) };
    const api = settings.role === 'worker' ? undefined : await startApi(settings, telemetry, started);
    const worker = settings.role === 'api' ? undefined : await startWorker(settings, telemetry, started);
    // Each has its own container, since a worker without an API is the same thing.
    if (api && worker) api.get(LocalDispatch).attach(worker.get(Dispatcher, { strict: false }));
    const containers = [api, worker].filter((one) => one !== undefined);
    const health = await openHealthPort(settings, telemetry.metrics, containers);
    // Answers until nothing else runs.
    if (health) started.infrastructure.push(health.close);
    started.drain = () => drain(settings, containers);
    worker?.get(DeliveryQueue, { strict: false }).enqueue(reclaimed);
    return {
      ...(api && { api }),
      ...(worker && { worker }),
      url: api ? addressOf(api) : null,
      healthUrl: health?.url ?? null,
      settings,
      adminKeyFile: own?.adminKeyFile ?? null,
      lost: own?.lost ?? new Promise(() => undefined),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * Checks the database before Nest wraps its errors. In an embedded database nobody else is running: all leases are
 * from an earlier process, and are released.
 */
async function prepareDatabase(
  { databaseUrl, databaseDirectUrl }: Settings,
  isOurs: boolean,
): Promise<DueDelivery[]> {
  return withSource(databaseDirectUrl || databaseUrl, async (source) => {
    await migrate(source);
    if (!isOurs) return [];
    const database = new Database(source);
    const clock = new DatabaseClock(database);
    await clock.sync();
    return database.transaction((sql) => reclaimAllDeliveries(sql, clock.date()));
  });
}

async function startApi(
  settings: Settings,
  { metrics, tracing, clock }: Telemetry,
  started: Started,
): Promise<NestFastifyApplication> {
  const api = await createHttpApp(
    ApiModule.forRoot(settings, { clock, metrics, tracing }),
    settings,
    providerApis(),
    metrics,
  );
  started.apps.push(() => api.close());
  try {
    await api.init();
    // Not Nest's own listen, which also logs a failure that it throws.
    await api.getHttpAdapter().getInstance().listen({ port: settings.port, host: settings.host });
    // With port 0 the system chooses one: the worker needs it to know its own test receivers.
    settings.port = (api.getHttpServer().address() as AddressInfo).port;
  } catch (error) {
    throw portProblem(error as NodeJS.ErrnoException, {
      ...{ port: settings.port, host: settings.host, setting: 'PORT' },
      whenTaken: 'Stop that one, or set PORT to a free one.',
    });
  }
  return api;
}

async function startWorker(
  settings: Settings,
  { metrics, tracing, clock }: Telemetry,
  started: Started,
): Promise<INestApplicationContext> {
  const worker = await NestFactory.createApplicationContext(
    WorkerModule.forRoot(settings, { clock, metrics, tracing }),
    {
      abortOnError: false,
    },
  );
  started.apps.push(() => worker.close());
  return worker;
}

/**
 * First not ready; then the API and the worker at the same time, as both may wait for requests in flight; then what
 * they share.
 */
async function stopAll({ drain, apps, infrastructure }: Started): Promise<void> {
  await drain?.();
  const results = await Promise.allSettled(apps.map((stop) => stop()));
  for (const stop of infrastructure.reverse()) await stop();
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}

function addressOf(api: NestFastifyApplication): string {
  const { address, port, family } = api.getHttpServer().address() as AddressInfo;
  const unspecified = address === '0.0.0.0' || address === '::';
  const host = unspecified ? 'localhost' : family === 'IPv6' ? `[${address}]` : address;
  return `http://${host}:${port}`;
}
