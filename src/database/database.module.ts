import { type DynamicModule, Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Settings } from '../config/settings.js';
import { Clock } from '../lib/clock.js';
import { Shared } from '../lib/shared.js';
import { connect, createDataSource, type DataSourceSettings } from './data-source.js';
import { DatabaseClock } from './database-clock.js';
import { Database } from './database.js';
import { migrateAt } from './migrate-at.js';
import { poolSizes } from './pool-sizes.js';
import { checkNotNewer, schemaState } from './schema-state.js';
import { WorkSignal } from './work-signal.js';

/** Opens the database, migrates it and gives `Database` and `Clock` to every module. */
@Global()
@Module({})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(private readonly settings: Settings) {}

  /** `clock` replaces the database's time: tests set it themselves. */
  static forRoot(entities: DataSourceSettings['entities'], clock?: Clock): DynamicModule {
    return {
      module: DatabaseModule,
      providers: [
        {
          provide: Database,
          inject: [Settings],
          // With null, which Nest passes when the options cannot be read, it must fail at once.
          useFactory: (settings: Settings) => takeDatabase(settings, settings.databaseUrl, entities),
        },
        clock
          ? { provide: Clock, useValue: clock }
          : { provide: Clock, inject: [Database], useFactory: readClock },
        WorkSignal,
      ],
      exports: [Database, Clock, WorkSignal],
    };
  }

  // The last hook of all: whatever drains in the earlier ones still needs the database.
  async onApplicationShutdown(): Promise<void> {
    await databases.release(this.settings);
  }
}

type Entities = DataSourceSettings['entities'];

/** The API and the worker of a process have one pool together. */
const databases = new Shared<Settings, Promise<Database>>(async (opening) => {
  const database = await opening.catch(() => null);
  await database?.source.destroy();
});

async function takeDatabase(settings: Settings, url: string, entities: Entities): Promise<Database> {
  try {
    return await databases.acquire(settings, () => openDatabase(settings, url, entities));
  } catch (error) {
    await databases.release(settings);
    throw error;
  }
}

async function openDatabase(settings: Settings, url: string, entities: Entities): Promise<Database> {
  const { databaseDirectUrl, dbPrepared: prepared } = settings;
  const source = createDataSource({ url, entities, prepared, poolSize: poolSizes(settings).main });
  await connect(source);
  try {
    const state = await schemaState(source);
    checkNotNewer(state);
    if (state.missing.length > 0) await migrateAt(databaseDirectUrl || url);
  } catch (error) {
    await source.destroy();
    throw error;
  }
  return new Database(source, databaseDirectUrl);
}

/** Right from the first use on: other providers read the time while they are set up. */
async function readClock(database: Database): Promise<DatabaseClock> {
  const clock = new DatabaseClock(database);
  await clock.sync();
  return clock;
}
