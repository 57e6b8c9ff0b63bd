import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { publicId } from '../core/ids.js';
import { Database } from '../database/database.js';
import { recordNotices } from '../database/notices.js';
import { expiringCertificates } from '../endpoints/certificates.js';
import { Clock } from '../lib/clock.js';
import { Poller } from '../lib/poller.js';
import { OperationalEvents } from '../operational-events/operational-events.js';

const EVERY_MS = 3_600_000;
const WEEK_MS = 7 * 86_400_000;

/** Warns once a week, for the whole fleet, of endpoints whose TLS certificates expire within 14 days. */
@Injectable()
export class CertificateWatch implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('certificates');
  private readonly poller = new Poller(() => this.step());

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly events: OperationalEvents,
  ) {}

  onApplicationBootstrap(): void {
    this.poller.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.poller.stop();
  }

  /** Warns of those that are due. */
  async look(): Promise<void> {
    await this.database.transaction(async (sql) => {
      const now = this.clock.date();
      const expiring = await expiringCertificates(sql, now);
      const ids = expiring.map(({ subscriptionId }) => subscriptionId);
      const due = await recordNotices(sql, 'certificate-expiring', ids, now, WEEK_MS);
      const told = expiring.filter(({ subscriptionId }) => due.has(subscriptionId));
      for (const { subscriptionId, spaceId, validTo } of told)
        this.logger.warn({
          msg: 'certificate.expiring',
          space: publicId('spc', spaceId),
          subscription: publicId('sub', subscriptionId),
          validTo: validTo.toISOString(),
        });
      await this.events.publish(
        sql,
        told.map(({ subscriptionId, validTo, seenAt }) => ({
          type: 'posthorn.subscription.certificate_expiring' as const,
          subscriptionId,
          summary: `has a TLS certificate that is valid until ${validTo.toISOString()}`,
          data: { validTo, seenAt },
        })),
      );
    });
  }

  private async step(): Promise<number> {
    try {
      await this.look();
    } catch (error) {
      this.logger.warn({ msg: 'certificates.watch_failed', error: (error as Error).message });
    }
    return EVERY_MS;
  }
}
