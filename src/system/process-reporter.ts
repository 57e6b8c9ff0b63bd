import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { version } from '../config/version.js';
import { Database } from '../database/database.js';
import { clockSkew } from '../database/database-clock.js';
import { thisProcess } from '../database/process-identity.js';
import { RateLimitedLog } from '../lib/rate-limited-log.js';
import { leaveProcesses, reportProcess } from './process-registry.js';

/** Injection token of what this process is: a role, or `module`. */
export const PROCESS_ROLE = Symbol('process role');

const EVERY_MS = 10_000;
/** A stop does not wait for a database that is away. */
const LEAVE_MS = 1_000;

/** Tells the others every ten seconds that this process runs, for `GET /v1/system`. */
@Injectable()
export class ProcessReporter implements OnModuleInit, BeforeApplicationShutdown {
  readonly id = randomUUID();
  private readonly failures = new RateLimitedLog((line) => new Logger('system').warn(line));
  private timer?: NodeJS.Timeout;
  private reporting: Promise<void> | null = null;
  private skewMs = 0;

  constructor(
    @Inject(PROCESS_ROLE) readonly role: string,
    private readonly database: Database,
  ) {}

  /** How far this machine's clock is ahead of the database's, as last measured; milliseconds. */
  get clockSkewMs(): number {
    return this.skewMs;
  }

  async onModuleInit(): Promise<void> {
    // Twice: the first report measures the skew.
    await this.report();
    if (Math.abs(this.skewMs) >= 1_000) await this.report();
    this.timer = setInterval(() => {
      this.reporting ??= this.report().finally(() => (this.reporting = null));
    }, EVERY_MS).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    const left = (this.reporting ?? Promise.resolve()).then(() => leaveProcesses(this.database.sql, this.id));
    await Promise.race([left.catch(() => undefined), sleep(LEAVE_MS, undefined, { ref: false })]);
  }

  private async report(): Promise<void> {
    const { id, role } = this;
    const before = performance.now();
    try {
      const ms = await reportProcess(this.database.sql, {
        ...{ id, role, version, host: hostname(), clockSkewMs: this.skewMs },
        ...thisProcess(),
        uptimeMs: process.uptime() * 1_000,
      });
      this.skewMs = clockSkew(ms, performance.now() - before);
    } catch (error) {
      this.failures.log(`system.report_failed: ${(error as Error).message}`);
    }
  }
}
