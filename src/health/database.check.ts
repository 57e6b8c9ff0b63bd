import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { HealthCheck } from './health-check.js';

const PING = { name: 'health_ping', text: `SELECT 1` };

/** The database answers. */
@Injectable()
export class DatabaseCheck extends HealthCheck {
  readonly name = 'database';

  constructor(private readonly database: Database) {
    super();
  }

  async check(): Promise<void> {
    await this.database.sql(PING);
  }
}
