import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import { pgTable, text } from 'drizzle-orm/pg-core';
import { Pool } from 'pg';

export const leads = pgTable('host_leads', { id: text().primaryKey() });

export class AppDatabase {
  private readonly pool = new Pool({ connectionString: process.env.DATABASE_URL });
  readonly db: NodePgDatabase = drizzle(this.pool);

  async onModuleInit(): Promise<void> {
    await this.db.execute('CREATE TABLE IF NOT EXISTS host_leads (id text PRIMARY KEY)');
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.end();
  }
}
