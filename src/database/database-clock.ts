import { Injectable } from '@nestjs/common';
import { Clock } from '../lib/clock.js';
import { Database } from './database.js';

const NOW = { name: 'clock_now', text: `SELECT extract(epoch FROM clock_timestamp()) * 1000 AS ms` };
const RESYNC_MS = 30_000;
/** By how much a reading's error grows with each millisecond that passes: far more than monotonic clocks drift. */
const DRIFT = 1e-4;

/**
 * How far this machine's clock is ahead of `serverMs`, read from the server within the last `roundTripMs`;
 * milliseconds.
 */
export function clockSkew(serverMs: number, roundTripMs: number): number {
  return Math.round(Date.now() - roundTripMs / 2 - serverMs);
}

/**
 * The database server's time, carried forward by this machine's monotonic clock. Every process of a fleet agrees
 * on it, whatever its own wall clock says, and a wall clock that jumps moves nothing.
 */
@Injectable()
export class DatabaseClock extends Clock {
  private offset = Date.now() - performance.now();
  /** By how much the last reading may be wrong, milliseconds, and when it was made, monotonic. */
  private errorMs = Infinity;
  private readAt = 0;
  private timer?: NodeJS.Timeout;

  constructor(private readonly database: Database) {
    super();
  }

  now(): number {
    return Math.floor(this.offset + performance.now());
  }

  /**
   * Reads the server's time, allowing for half the round trip. Keeps the old offset when the database is away, and when
   * the last reading is more exact and may still be right: in a long round trip this process was stopped, or waited for
   * a connection. When it cannot be right any more, the server is another one, or this machine slept.
   */
  async sync(): Promise<void> {
    const before = performance.now();
    const [row] = await this.database.sql<{ ms: string }>(NOW);
    const after = performance.now();
    if (!row) return;
    const offset = Number(row.ms) - (before + after) / 2;
    const errorMs = (after - before) / 2;
    const oldErrorMs = this.errorMs + (after - this.readAt) * DRIFT;
    if (oldErrorMs < errorMs && Math.abs(offset - this.offset) <= oldErrorMs + errorMs) return;
    this.offset = offset;
    [this.errorMs, this.readAt] = [errorMs, after];
  }

  async onModuleInit(): Promise<void> {
    await this.sync();
    this.timer = setInterval(() => void this.sync().catch(() => undefined), RESYNC_MS);
    this.timer.unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }
}
