import { randomUUID } from 'node:crypto';
import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Database } from '../../database/database.js';
import { reportThrottles } from '../../endpoints/throttles.js';
import { Dispatcher } from '../dispatcher.js';

const EVERY_MS = 5_000;
const BEHIND_MS = 500;
/** Endpoints that a worker reports at most. */
const MOST = 500;

/**
 * Reports every five seconds which endpoints this worker holds back, for their pages; twice a second while it is behind
 * with some, so that processes that only publish slow down (`deliveries/fleet-backlog.ts`).
 */
@Injectable()
export class ThrottleReporter implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('throttles');
  private readonly id = randomUUID();
  private timer: NodeJS.Timeout | undefined;
  private soon: NodeJS.Timeout | undefined;
  private reporting: Promise<void> = Promise.resolve();
  private hasNamed = false;
  private isStopped = false;

  constructor(
    private readonly database: Database,
    private readonly dispatcher: Dispatcher,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.reportNow(), EVERY_MS).unref();
    this.dispatcher.whenBehind(() => this.reportSoon());
  }

  private reportNow(): void {
    this.reporting = this.reporting.then(() => this.report());
  }

  private reportSoon(): void {
    if (this.isStopped) return;
    this.soon ??= setTimeout(() => {
      this.soon = undefined;
      this.reportNow();
    }, BEHIND_MS).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopped = true;
    clearInterval(this.timer);
    clearTimeout(this.soon);
    await this.reporting;
  }

  private async report(): Promise<void> {
    const throttled = this.dispatcher.throttled(MOST);
    if (throttled.length === 0 && !this.hasNamed) return;
    try {
      await reportThrottles(this.database.sql, this.id, throttled);
      this.hasNamed = throttled.length > 0;
      // Report again soon, so that readers notice when it is over.
      if (throttled.some(({ isBehind }) => isBehind)) this.reportSoon();
    } catch (error) {
      this.logger.warn({ msg: 'throttles.report_failed', error: (error as Error).message });
    }
  }
}
