import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Settings } from '../config/settings.js';
import { Database } from '../database/database.js';
import { Clock } from '../lib/clock.js';
import { Poller } from '../lib/poller.js';
import { expireInbox } from '../event-store/erase-inbox.js';

const EVERY_MS = 3_600_000;

/** Every hour removes events that SQL published, that were refused, and whose space keeps data no longer than that. */
@Injectable()
export class InboxExpirer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('publish');
  private readonly poller = new Poller(() => this.step());

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly settings: Settings,
  ) {}

  onApplicationBootstrap(): void {
    this.poller.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.poller.stop();
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

  private async step(): Promise<number> {
    await this.expire().catch((error: unknown) => {
      this.logger.error({ msg: 'inbox.expire_failed', error: (error as Error).message });
    });
    return EVERY_MS;
  }
}
