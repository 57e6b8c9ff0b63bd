import { Injectable } from '@nestjs/common';
import { MigrationExecutor } from 'typeorm';
import { Database } from '../database/database.js';
import { HealthCheck } from './health-check.js';

/** The schema is that of this version. */
@Injectable()
export class MigrationsCheck extends HealthCheck {
  readonly name = 'migrations';
  private applied = false;

  constructor(private readonly database: Database) {
    super();
  }

  async check(): Promise<void> {
    // Applied migrations stay applied, and checking takes several queries.
    if (this.applied) return;
    const pending = await new MigrationExecutor(this.database.source).getPendingMigrations();
    if (pending.length > 0)
      throw new Error(`pending migrations: ${pending.map(({ name }) => name).join(', ')}`);
    this.applied = true;
  }
}
