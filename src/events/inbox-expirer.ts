import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { Settings } from '../config/settings.js';
import { Database } from '../database/database.js';
import { Clock } from '../lib/clock.js';
import { expireInbox } from './erase-inbox.js';

const EVERY_MS = 3_600_000;

/** Every hour removes events that SQL published, that were refused, and whose space keeps data no longer than that. */
@Injectable()
export class InboxExpirer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('publish');
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly settings: Settings,
  ) {}

  onApplicationBootstrap(): void {
    this.running = this.run(this.stopping.signal);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  /** Gives how many were removed. */
  async expire(): Promise<number> {
    for (let total = 0; ;) {
      const gone = await expireInbox(this.database.sql, this.clock.date(), this.settings.retentionDays);
      total += gone;
      if (gone > 0) continue;
      if (total > 0) this.logger.log({ msg: 'inbox.expired', events: total });
      return total;
    }
  }

  private async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.expire().catch((error: unknown) => {
        this.logger.error({ msg: 'inbox.expire_failed', error: (error as Error).message });
      });
      await sleep(EVERY_MS, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }
}
