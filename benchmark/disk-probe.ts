import { open, rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { monotonicMs } from './monotonic.js';
import { spread } from './percentiles.js';
import type { Figures } from './scenario.js';

/** What a commit of one event writes, bytes, and the size of the file that is written over and over. */
const BLOCK = Buffer.alloc(8_192, 1);
const FILE_BYTES = 4 * 1024 * 1024;
const EVERY_MS = 25;

/**
 * Makes a page durable again and again while something else is measured, as PostgreSQL does at each commit: an event is
 * acknowledged no faster than that, and on a shared disk it is what the slowest ones waited for.
 */
export class DiskProbe {
  private readonly times: number[] = [];
  private isStopped = false;
  private readonly ended: Promise<void>;

  private constructor(
    private readonly path: string,
    private readonly file: FileHandle,
  ) {
    this.ended = this.probe();
  }

  /** On the disk the engine's database is on. */
  static async start(): Promise<DiskProbe> {
    const path = join(tmpdir(), `posthorn-disk-probe-${process.pid}`);
    const file = await open(path, 'w');
    await file.write(Buffer.alloc(FILE_BYTES, 1));
    await file.sync();
    return new DiskProbe(path, file);
  }

  /**
   * The longest counts, too: a disk that stands still for a second holds up every event of it, and one of these writes.
   */
  async stop(): Promise<Figures> {
    this.isStopped = true;
    await this.ended;
    await this.file.close();
    await rm(this.path);
    const { p99, max } = spread(this.times);
    return { 'disk p99 ms': p99, 'disk max ms': max };
  }

  private async probe(): Promise<void> {
    for (let place = 0; !this.isStopped; place = (place + BLOCK.length) % FILE_BYTES) {
      const begin = monotonicMs();
      await this.file.write(BLOCK, 0, BLOCK.length, place);
      await this.file.datasync();
      this.times.push(monotonicMs() - begin);
      await delay(EVERY_MS);
    }
  }
}
