import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Database } from '../../database/database.js';
import { noteCertificates } from '../../endpoints/certificates.js';
import { Clock } from '../../lib/clock.js';
import { AttemptFeed, type AttemptNotice } from './attempt-feed.js';
import { Lru } from '../../lib/lru.js';

const FLUSH_MS = 1_000;
const DAY_MS = 86_400_000;
/** Endpoints whose certificates are known to be written. */
const REMEMBERED = 50_000;
/** Kept while the database is away. */
const MAX_KEPT = 10_000;

/**
 * Writes until when the TLS certificates of endpoints are valid: once a day for each, or when one has changed. They
 * were seen when connections were opened, so nothing is asked of anybody for it.
 */
@Injectable()
export class CertificateRecorder implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('certificates');
  private readonly written = new Lru<{ until: number; at: number }>(REMEMBERED);
  private readonly waiting = new Map<string, number>();
  private timer: NodeJS.Timeout | undefined;
  private flushing: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly feed: AttemptFeed,
  ) {}

  onApplicationBootstrap(): void {
    this.feed.onAttempt((notice) => this.see(notice));
    this.timer = setInterval(() => void this.flush(), FLUSH_MS).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.flush();
  }

  private see({ subscriptionId, certificateUntil, endedAt }: AttemptNotice): void {
    if (certificateUntil === null) return;
    const known = this.written.get(subscriptionId);
    if (known?.until === certificateUntil && endedAt - known.at < DAY_MS) return;
    if (this.waiting.size < MAX_KEPT) this.waiting.set(subscriptionId, certificateUntil);
  }

  private flush(): Promise<void> {
    this.flushing = this.flushing.then(() => this.write());
    return this.flushing;
  }

  private async write(): Promise<void> {
    if (this.waiting.size === 0) return;
    const taken = [...this.waiting];
    this.waiting.clear();
    const now = this.clock.date();
    try {
      const seen = taken.map(([subscriptionId, until]) => ({ subscriptionId, validTo: new Date(until) }));
      await noteCertificates(this.database.sql, seen, now);
      for (const [id, until] of taken) this.written.set(id, { until, at: now.getTime() });
    } catch (error) {
      // The next connection shows them again.
      this.logger.warn({ msg: 'certificates.write_failed', error: (error as Error).message });
    }
  }
}
