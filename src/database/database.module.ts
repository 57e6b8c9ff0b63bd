import { type DynamicModule, Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Settings } from '../config/settings.js';
import { Clock } from '../lib/clock.js';
import { connect, createDataSource, type DataSourceSettings } from './data-source.js';
import { DatabaseClock } from './database-clock.js';
import { Database } from './database.js';
import { migrate } from './migrate.js';

/** Opens the database, migrates it and gives `Database` and `Clock` to every module. */
@Global()
@Module({})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(private readonly database: Database) {}

  /** `clock` replaces the database's time: tests turn its hands themselves. */
  static forRoot(entities: DataSourceSettings['entities'], clock?: Clock): DynamicModule {
    return {
      module: DatabaseModule,
      providers: [
        {
          provide: Database,
          inject: [Settings],
          useFactory: (settings: Settings) => openDatabase(settings.databaseUrl, entities),
        },
        clock
          ? { provide: Clock, useValue: clock }
          : { provide: Clock, inject: [Database], useFactory: readClock },
      ],
      exports: [Database, Clock],
    };
  }

  // The last hook of all: whatever drains in the earlier ones still needs the database.
  async onApplicationShutdown(): Promise<void> {
    await this.database.source.destroy();
  }
}

async function openDatabase(url: string, entities: DataSourceSettings['entities']): Promise<Database> {
  const source = createDataSource({ url, entities });
  await connect(source);
  try {
    await migrate(source);
  } catch (error) {
    await source.destroy();
    throw error;
  }
  return new Database(source);
}

/** Right from the first use on: other providers read the time while they are set up. */
async function readClock(database: Database): Promise<DatabaseClock> {
  const clock = new DatabaseClock(database);
  await clock.sync();
  return clock;
}
