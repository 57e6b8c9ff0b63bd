import { randomBytes } from 'node:crypto';
import {
  Body,
  Controller,
  Get,
  Inject,
  Injectable,
  Module,
  Post,
  type DynamicModule,
  type ExceptionFilter,
  type ModuleMetadata,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { DataSource, Entity, PrimaryColumn } from 'typeorm';
import {
  Lifecycle,
  PosthornModule,
  SpaceLookup,
  SpacesService,
  Subscriptions,
  WebhookEmitter,
  type PosthornOptions,
  type PosthornInHost,
  type SpaceRef,
} from '../../src/index.js';
import { eventually } from './condition.js';
import { createTestDatabase } from './database.js';
import { Receiver } from './receiver.js';

@Entity({ name: 'orders' })
export class Order {
  @PrimaryColumn('text')
  id: string;
}

/** The host's own database access: a data source of its own, with tables of its own, on the database Posthorn uses. */
@Injectable()
class HostDatabase implements OnApplicationShutdown {
  constructor(readonly source: DataSource) {}

  async onApplicationShutdown(): Promise<void> {
    await this.source.destroy();
  }
}

@Controller('orders')
class OrdersController {
  constructor(
    @Inject(HostDatabase) private readonly database: HostDatabase,
    @Inject(WebhookEmitter) private readonly emitter: WebhookEmitter,
  ) {}

  /** The transactional outbox in one line: the order and its event exist together or not at all. */
  @Post()
  create(@Body() { id, fail }: { id: string; fail?: boolean }): Promise<{ id: string }> {
    return this.database.source.transaction(async (manager) => {
      await manager.insert(Order, { id });
      await this.emitter.emit({ space: 'acme', manager }, { type: 'lead.create', data: { id } });
      if (fail) throw new Error('The payment was refused.');
      return { id };
    });
  }

  @Get()
  list(): Promise<Order[]> {
    return this.database.source.getRepository(Order).find();
  }
}

@Module({})
class HostModule {
  static with(databaseUrl: string, posthorn: DynamicModule, imports: ModuleMetadata['imports'] = []) {
    const open = async () =>
      new HostDatabase(
        await new DataSource({
          type: 'postgres',
          url: databaseUrl,
          entities: [Order],
          synchronize: true,
        }).initialize(),
      );
    return {
      module: HostModule,
      imports: [posthorn, ...imports],
      controllers: [OrdersController],
      providers: [{ provide: HostDatabase, useFactory: open }],
    };
  }
}

export interface HostOptions extends PosthornInHost {
  options?: Partial<PosthornOptions>;
  imports?: ModuleMetadata['imports'];
  /** Another host's database; one of its own unless given. */
  databaseUrl?: string;
  filters?: ExceptionFilter[];
}

/** A NestJS application with routes, tables and transactions of its own that imports Posthorn. */
export class HostApp {
  app!: NestFastifyApplication;
  options!: PosthornOptions;
  url = '';
  private drop: () => Promise<void> = () => Promise.resolve();

  constructor(private readonly given: HostOptions = {}) {}

  static async start(given?: HostOptions): Promise<HostApp> {
    const host = new HostApp(given);
    await host.open();
    return host;
  }

  /** It can be opened again, on a new database. */
  async open(): Promise<void> {
    const { options, imports, databaseUrl, filters = [], ...role } = this.given;
    const database = databaseUrl === undefined ? await createTestDatabase() : null;
    const all: PosthornOptions = {
      databaseUrl: databaseUrl ?? database?.url ?? '',
      encryptionKeys: [randomBytes(32).toString('base64')],
      allowHttp: true,
      allowTargets: ['127.0.0.0/8'],
      // Far away: what is delivered came through the queue.
      sweepIntervalMs: 3_600_000,
      ...options,
    };
    const posthorn = PosthornModule.forRoot({ ...all, ...role });
    const root = HostModule.with(all.databaseUrl, posthorn, imports);
    const app = await NestFactory.create<NestFastifyApplication>(root, new FastifyAdapter(), {
      logger: false,
      abortOnError: false,
    });
    app.useGlobalFilters(...filters);
    try {
      await app.listen(0, '127.0.0.1');
    } catch (error) {
      await app.close();
      await database?.drop();
      throw error;
    }
    this.app = app;
    this.options = all;
    this.url = await app.getUrl();
    this.drop = async () => database?.drop();
  }

  /**
   * The ids in the data of everything that the space `acme` has sent: a last event is published, and what came before
   * it has come by then.
   */
  async sentTo(receiver: Receiver): Promise<string[]> {
    await this.emitter.emit({ space: 'acme' }, { type: 'lead.create', data: { id: 'last' } });
    const ids = () =>
      receiver.requests.map(({ body }) => (JSON.parse(body.toString()) as { data: { id: string } }).data.id);
    await eventually(async () => {
      const [open] = await this.source.query<{ count: string }[]>(
        `SELECT count(*) FROM posthorn.deliveries WHERE status = 'pending'`,
      );
      return open?.count === '0' && ids().includes('last');
    });
    return ids()
      .filter((id) => id !== 'last')
      .toSorted();
  }

  get source(): DataSource {
    return this.app.get(HostDatabase).source;
  }

  get emitter(): WebhookEmitter {
    return this.app.get(WebhookEmitter);
  }

  /** Makes the space `acme`, and a subscription to everything when there is a `url`. */
  async acme(url?: string) {
    const space = await this.app.get(SpacesService).create({ name: 'Acme', uid: 'acme' });
    const subscription = url === undefined ? null : await this.app.get(Subscriptions).create(space, { url });
    return { space, subscription };
  }

  /** The space with this uid. */
  async space(uid: string): Promise<SpaceRef> {
    return (await this.app.get(SpaceLookup).find(uid)) as SpaceRef;
  }

  /** Makes a space whose subscriptions, so many, are paused. */
  async wideSpace(count: number): Promise<{ space: string }> {
    const space = await this.app.get(SpacesService).create({ name: 'Wide', uid: 'wide' });
    for (let made = 0; made < count; made += 1) {
      const uid = `wide-${made}`;
      await this.app.get(Subscriptions).create(space, { url: `https://example.com/${made}`, uid });
      await this.app.get(Lifecycle).pause(space, uid);
    }
    return { space: 'wide' };
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.drop();
  }
}

/** Registers a host and a receiver, new ones for each test of a block. */
export function useHost(): { host: HostApp; receiver: Receiver } {
  const [host, receiver] = [new HostApp(), new Receiver()];
  beforeEach(async () => {
    await receiver.open();
    await host.open();
  });
  afterEach(async () => {
    await host.close();
    await receiver.close();
  });
  return { host, receiver };
}
