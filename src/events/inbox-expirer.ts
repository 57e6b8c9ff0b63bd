import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Settings } from '../config/settings.js';
import { Database } from '../database/database.js';
import { Clock } from '../lib/clock.js';
import { hourly } from '../lib/hourly.js';
import { expireInbox } from '../event-store/erase-inbox.js';

/** Every hour removes events that SQL published, that were refused, and whose space keeps data no longer than that. */
@Injectable()
export class InboxExpirer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('publish');
  private readonly poller = hourly(
    () => this.expire(),
    ({ message }) => this.logger.error({ msg: 'inbox.expire_failed', error: message }),
  );

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
}
