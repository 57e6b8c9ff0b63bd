import { Global, Module, type DynamicModule, type Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Settings } from '../../src/config/settings.js';
import { Clock } from '../../src/lib/clock.js';
import { connect, createDataSource } from '../../src/database/data-source.js';
import { Database } from '../../src/database/database.js';
import { createHttpApp } from '../../src/http/http-app.js';
import { ENTITIES } from '../../src/app/entities.js';
import { SpaceDataModule } from '../../src/app/storage.js';
import { ProcessMetrics } from '../../src/telemetry/process-metrics.js';
import type { CreatedKey } from '../../src/spaces/key.dto.js';
import type { Space } from '../../src/spaces/space.dto.js';
import { createTestDatabase } from './database.js';
import { ManualClock } from './manual-clock.js';

export const ADMIN_KEY = 'test-admin-key';

/** An answer, with its body parsed when it is JSON. */
export interface Answer<T = Record<string, unknown>> {
  status: number;
  headers: Headers;
  body: T;
}

export interface CallOptions {
  /** The bearer key; default: the admin key; null: none. */
  key?: string | null;
  /** Sent as JSON. */
  body?: unknown;
  headers?: Record<string, string>;
}

@Global()
@Module({})
class TestFoundation {}

/** Modules behind real HTTP, on a database of their own and with a clock the test turns. */
export class HttpTestApp {
  url = '';

  private constructor(
    readonly database: Database,
    readonly clock: ManualClock,
    private readonly app: NestFastifyApplication,
    private readonly drop: () => Promise<void>,
  ) {}

  /** `through` gives the address the database is reached at instead of its own. */
  static async start(
    modules: (Type | DynamicModule)[],
    controllers: Type[] = [],
    through: (url: string) => string | Promise<string> = (url) => url,
    changes: Partial<Settings> = {},
  ): Promise<HttpTestApp> {
    const { url: ownUrl, drop } = await createTestDatabase();
    const url = await through(ownUrl);
    const database = await openDatabase(url);
    const clock = new ManualClock();
    const settings = Object.assign(testSettings(url), changes);
    const foundation: DynamicModule = {
      module: TestFoundation,
      imports: [SpaceDataModule, ...modules],
      controllers,
      providers: [
        { provide: Settings, useValue: settings },
        { provide: Database, useValue: database },
        { provide: Clock, useValue: clock },
        { provide: ProcessMetrics, useValue: new ProcessMetrics() },
      ],
      exports: [Settings, Database, Clock, ProcessMetrics],
    };
    const app = await createHttpApp(foundation, settings);
    const test = new HttpTestApp(database, clock, app, drop);
    try {
      await app.listen(0, '127.0.0.1');
    } catch (error) {
      await test.close();
      throw error;
    }
    test.url = await app.getUrl();
    return test;
  }

  async call<T = Record<string, unknown>>(
    method: string,
    path: string,
    { key = ADMIN_KEY, body, headers }: CallOptions = {},
  ): Promise<Answer<T>> {
    const response = await fetch(this.url + path, {
      method,
      headers: {
        ...(key !== null && { authorization: `Bearer ${key}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json');
    return {
      status: response.status,
      headers: response.headers,
      body: (isJson ? JSON.parse(text) : text) as T,
    };
  }

  async statusOf(method: string, path: string, key: string | null): Promise<number> {
    return (await this.call(method, path, { key })).status;
  }

  async newSpace(fields: object = {}): Promise<Space> {
    const { status, body } = await this.call<Space>('POST', '/v1/spaces', {
      body: { name: 'Acme', ...fields },
    });
    expect([status, body]).toEqual([201, expect.anything()]);
    return body;
  }

  async newKey(space: string, scope: string, fields: object = {}): Promise<CreatedKey> {
    const body = { name: 'a key', scope, ...fields };
    const answer = await this.call<CreatedKey>('POST', `/v1/spaces/${space}/keys`, { body });
    expect(answer.status).toBe(201);
    return answer.body;
  }

  async close(): Promise<void> {
    await this.app.close();
    if (this.database.source.isInitialized) await this.database.source.destroy();
    await this.drop();
  }
}

async function openDatabase(url: string): Promise<Database> {
  const source = createDataSource({ url, entities: ENTITIES });
  await connect(source);
  return new Database(source);
}

function testSettings(databaseUrl: string): Settings {
  return Object.assign(new Settings(), {
    databaseUrl,
    adminKey: ADMIN_KEY,
    encryptionKeys: [Buffer.alloc(32, 7).toString('base64')],
    logLevel: 'silent',
  });
}
