import { Global, Module, type DynamicModule, type Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ProcessMetrics } from '../../src/telemetry/process-metrics.js';
import { Settings } from '../../src/config/settings.js';
import { Clock } from '../../src/lib/clock.js';
import { newUuid, parsePublicId } from '../../src/core/ids.js';
import type { DeliveryStatus } from '../../src/core/domain-types.js';
import { connect, createDataSource } from '../../src/database/data-source.js';
import { Database } from '../../src/database/database.js';
import { insertDeliveries } from '../../src/deliveries/insert-deliveries.js';
import { createHttpApp } from '../../src/http/http-app.js';
import { ENTITIES } from '../../src/app/entities.js';
import { SpaceDataModule } from '../../src/app/storage.js';
import { SpacesModule } from '../../src/spaces/spaces.module.js';
import type { CreatedSubscription, SubscriptionView } from '../../src/subscriptions/subscription-view.dto.js';
import { SubscriptionsApiModule } from '../../src/subscriptions/subscriptions.module.js';
import { createTestDatabase } from './database.js';
import { ManualClock } from './manual-clock.js';

const ADMIN_KEY = 'the-admin-key-of-this-test';
export const HOOK_URL = 'https://hooks.example.com/posthorn';
export const SECRET = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;

export interface Answer<T> {
  status: number;
  etag: string;
  body: T;
}

export interface Problem {
  code: string;
  errors?: { path: string; code: string; message: string }[];
}

@Global()
@Module({})
class Foundation {}

/** Spaces and subscriptions behind real HTTP, on a database of their own and with a clock the test turns. */
export class SubscriptionsTestApp {
  readonly clock = new ManualClock();
  private app!: NestFastifyApplication;
  private url = '';

  private constructor(
    readonly database: Database,
    private readonly drop: () => Promise<void>,
  ) {}

  static async start(): Promise<SubscriptionsTestApp> {
    const { url, drop } = await createTestDatabase();
    const source = createDataSource({ url, entities: ENTITIES });
    await connect(source);
    const test = new SubscriptionsTestApp(new Database(source), drop);
    await test.listen(url);
    return test;
  }

  get<T>(type: Type<T>): T {
    return this.app.get(type, { strict: false });
  }

  async call<T = SubscriptionView>(
    method: string,
    path: string,
    body?: unknown,
    { key = ADMIN_KEY, ifMatch }: { key?: string; ifMatch?: string } = {},
  ): Promise<Answer<T>> {
    const response = await fetch(this.url + path, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(ifMatch !== undefined && { 'if-match': ifMatch }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const etag = response.headers.get('etag') ?? '';
    return { status: response.status, etag, body: (text === '' ? null : JSON.parse(text)) as T };
  }

  /** What a refused call complains about: issue codes by path. */
  async issuesOf(path: string, body: object, method = 'POST'): Promise<Record<string, string>> {
    const answer = await this.call<Problem>(method, path, body);
    expect(answer.status).toBe(422);
    return Object.fromEntries((answer.body.errors ?? []).map((issue) => [issue.path, issue.code]));
  }

  /** The path of a new space's subscriptions, and the space's id as the database knows it. */
  async newSpace(): Promise<{ path: string; id: string }> {
    const { body } = await this.call<{ id: string }>('POST', '/v1/spaces', { name: 'Acme' });
    return { path: `/v1/spaces/${body.id}/subscriptions`, id: parsePublicId('spc', body.id) as string };
  }

  /** A new subscription in a new space. */
  async newSubscription(fields: object = {}) {
    const space = await this.newSpace();
    const created = await this.call<CreatedSubscription>('POST', space.path, { url: HOOK_URL, ...fields });
    const { body, etag } = created;
    return {
      space,
      body,
      etag,
      path: `${space.path}/${body.id}`,
      id: parsePublicId('sub', body.id) as string,
    };
  }

  async newKey(space: { path: string }, scope: string): Promise<string> {
    const path = space.path.replace('/subscriptions', '/keys');
    return (await this.call<{ key: string }>('POST', path, { name: scope, scope })).body.key;
  }

  /** Stores a delivery for a subscription, and gives what asks for its state. */
  async newDelivery(spaceId: string, subscriptionId: string, status: 'pending' | 'held' = 'pending') {
    const id = newUuid(this.clock.now());
    const event = { eventId: newUuid(this.clock.now()), eventType: 'lead.create', dueAt: this.clock.date() };
    const kind = { status, trigger: 'event', override: null, maxAttempts: 6 } as const;
    await insertDeliveries(this.database.sql, [{ id, spaceId, subscriptionId, ...kind, ...event }]);
    const text = 'SELECT status, next_attempt_at AS due FROM posthorn.deliveries WHERE id = $1';
    return async () => (await this.rows<{ status: DeliveryStatus; due: Date | null }>(text, [id]))[0];
  }

  /** A subscription's row as the database holds it. */
  async rowOf(id: string): Promise<Record<string, unknown>> {
    const [row] = await this.rows<Record<string, unknown>>(
      'SELECT * FROM posthorn.subscriptions WHERE id = $1',
      [id],
    );
    return row ?? {};
  }

  async routingVersion(spaceId: string): Promise<number> {
    const text = 'SELECT routing_version AS version FROM posthorn.spaces WHERE id = $1';
    return Number((await this.rows<{ version: string }>(text, [spaceId]))[0]?.version);
  }

  async rows<Row extends object>(text: string, values: unknown[]): Promise<Row[]> {
    return this.database.source.query<Row[]>(text, values);
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.database.source.destroy();
    await this.drop();
  }

  private async listen(databaseUrl: string): Promise<void> {
    const settings = Object.assign(new Settings(), {
      databaseUrl,
      adminKey: ADMIN_KEY,
      encryptionKeys: [Buffer.alloc(32, 1).toString('base64')],
      logLevel: 'silent',
    });
    const root: DynamicModule = {
      module: Foundation,
      imports: [SpaceDataModule, SpacesModule, SubscriptionsApiModule],
      providers: [
        { provide: Settings, useValue: settings },
        { provide: Database, useValue: this.database },
        { provide: Clock, useValue: this.clock },
        { provide: ProcessMetrics, useValue: new ProcessMetrics() },
      ],
      exports: [Settings, Database, Clock, ProcessMetrics],
    };
    this.app = await createHttpApp(root, settings);
    await this.app.listen(0, '127.0.0.1');
    this.url = await this.app.getUrl();
  }
}
