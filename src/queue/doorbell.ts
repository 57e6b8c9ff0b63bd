import { InjectQueue } from '@nestjs/bullmq';
import { Injectable, Logger } from '@nestjs/common';
import type { Queue } from 'bullmq';
import { setTimeout as sleep } from 'node:timers/promises';
import { Batcher } from '../core/batcher.js';
import { Clock } from '../core/clock.js';
import { packJobs, type DueDelivery, type RingJob } from './job.js';

/** Token of the queue that only adds jobs. The consumer has a connection, and so a token, of its own. */
export const DOORBELL_QUEUE = 'posthorn-doorbell';

interface Ring extends DueDelivery {
  /** When the delivery becomes due, milliseconds. */
  at: number;
}

/** Retries due within one such window share jobs; they leave at its end, so none leaves early. */
const WINDOW_MS = 100;

const JOB_OPTIONS = { attempts: 1, removeOnComplete: true, removeOnFail: true };

/**
 * Tells the workers to look at deliveries. Ringing never fails and is never waited for: what the bell loses, the
 * sweeper finds.
 */
@Injectable()
export class Doorbell {
  private readonly logger = new Logger('queue');
  private readonly rings = new Batcher<Ring, undefined>((rings) => this.flush(rings), {
    max: 2_000,
    parallel: 2,
  });
  private quietUntil = 0;

  constructor(
    @InjectQueue(DOORBELL_QUEUE) private readonly queue: Queue<RingJob>,
    private readonly clock: Clock,
  ) {}

  /** Rings for deliveries due at `at` (milliseconds; past or absent: now). */
  ring(due: DueDelivery[], at = 0): void {
    for (const one of due) {
      this.rings.add({ ...one, at }).catch((error: unknown) => this.complain(error as Error));
    }
  }

  /** Waits until everything rung for is in the queue, or could not be; a second at the most. */
  async rung(): Promise<void> {
    for (let waited = 0; waited < 1_000 && !this.rings.isIdle; waited += 5) await sleep(5);
  }

  /** Jobs waiting or delayed in the queue. */
  async depth(): Promise<number> {
    return this.queue.getJobCountByTypes('waiting', 'delayed', 'prioritized');
  }

  private async flush(rings: Ring[]): Promise<undefined[]> {
    const now = this.clock.now();
    const windows = new Map<number, Ring[]>();
    for (const ring of rings) {
      const window = ring.at <= now ? 0 : Math.ceil((ring.at - now) / WINDOW_MS) * WINDOW_MS;
      const members = windows.get(window);
      if (members) members.push(ring);
      else windows.set(window, [ring]);
    }
    // One by one: on PostgreSQL BullMQ's addBulk makes two temporary tables a call, 7.8 ms where an add takes a tenth.
    await Promise.all(
      [...windows].flatMap(([delay, members]) =>
        packJobs(members).map((data) => this.queue.add('ring', data, { ...JOB_OPTIONS, delay })),
      ),
    );
    return [];
  }

  /** A dead queue fails every ring; one line in ten seconds says so. */
  private complain(error: Error): void {
    const now = this.clock.now();
    if (now < this.quietUntil) return;
    this.quietUntil = now + 10_000;
    this.logger.warn(`queue.ring_failed: ${error.message}; the sweeper will ring again`);
  }
}
