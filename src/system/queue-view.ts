import { Injectable } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { Settings } from '../config/settings.js';
import { Clock } from '../lib/clock.js';
import { DeliveryQueue } from '../queue/delivery-queue.js';
import type { SystemQueue } from './system.dto.js';

const PATIENCE_MS = 2_000;

/** The queue as the API shows it. */
@Injectable()
export class QueueView {
  constructor(
    private readonly queue: DeliveryQueue,
    private readonly settings: Settings,
    private readonly clock: Clock,
  ) {}

  /** Takes two seconds at the most. */
  async read(): Promise<SystemQueue> {
    const backend = this.settings.redisUrl === '' ? 'postgres' : 'redis';
    const answer = Promise.all([this.queue.depth(), this.queue.oldestWaiting()]).catch(() => null);
    const read = await Promise.race([answer, sleep(PATIENCE_MS, 'timeout' as const, { ref: false })]);
    if (read === null || read === 'timeout')
      return { backend, state: read ?? 'away', depth: null, lagSeconds: null };
    const [depth, oldest] = read;
    const lagSeconds = oldest === null ? null : Math.max(0, this.clock.now() - oldest) / 1_000;
    return { backend, state: 'ok', depth, lagSeconds };
  }
}
