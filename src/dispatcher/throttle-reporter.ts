import { randomUUID } from 'node:crypto';
import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Database } from '../database/database.js';
import { reportThrottles } from '../endpoints/throttles.js';
import { Dispatcher } from './dispatcher.js';

const EVERY_MS = 5_000;
/** Endpoints a worker names; a fleet in trouble has more, and then nobody looks at single ones. */
const MOST = 500;

/** Tells every five seconds which endpoints this worker holds back, for their pages. Nothing is decided by it. */
@Injectable()
export class ThrottleReporter implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('throttles');
  private readonly id = randomUUID();
  private timer: NodeJS.Timeout | undefined;
  private reporting: Promise<void> = Promise.resolve();
  private hasNamed = false;

  constructor(
    private readonly database: Database,
    private readonly dispatcher: Dispatcher,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.reporting = this.reporting.then(() => this.report());
    }, EVERY_MS).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.reporting;
  }

  private async report(): Promise<void> {
    const throttled = this.dispatcher.throttled(MOST);
    if (throttled.length === 0 && !this.hasNamed) return;
    try {
      await reportThrottles(this.database.sql, this.id, throttled);
      this.hasNamed = throttled.length > 0;
    } catch (error) {
      this.logger.warn({ msg: 'throttles.report_failed', error: (error as Error).message });
    }
  }
}
