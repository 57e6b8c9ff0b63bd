import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { publicId } from '../../core/ids.js';
import { Database } from '../../database/database.js';
import { recordNotices } from '../../database/notices.js';
import { expiringCertificates } from '../../endpoints/certificates.js';
import { Clock } from '../../lib/clock.js';
import { hourly } from '../../lib/hourly.js';
import { OperationalEvents } from '../../operational-events/operational-events.js';

const WEEK_MS = 7 * 86_400_000;

/** Warns once a week, for the whole fleet, of endpoints whose TLS certificates expire within 14 days. */
@Injectable()
export class CertificateWatch implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('certificates');
  private readonly poller = hourly(
    () => this.look(),
    ({ message }) => this.logger.warn({ msg: 'certificates.watch_failed', error: message }),
  );

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
    const warned = await this.database.transaction(async (sql) => {
      const now = this.clock.date();
      const expiring = await expiringCertificates(sql, now);
      const ids = expiring.map(({ subscriptionId }) => subscriptionId);
      const due = await recordNotices(sql, 'certificate-expiring', ids, now, WEEK_MS);
      const dueNow = expiring.filter(({ subscriptionId }) => due.has(subscriptionId));
      await this.events.publish(
        sql,
        dueNow.map(({ subscriptionId, validTo, seenAt }) => ({
          type: 'posthorn.subscription.certificate_expiring' as const,
          subscriptionId,
          summary: `has a TLS certificate that is valid until ${validTo.toISOString()}`,
          data: { validTo, seenAt },
        })),
      );
      return dueNow;
    });
    // Only now: after a rollback the next look finds the same again.
    for (const { subscriptionId, spaceId, validTo } of warned)
      this.logger.warn({
        msg: 'certificate.expiring',
        space: publicId('spc', spaceId),
        subscription: publicId('sub', subscriptionId),
        validTo: validTo.toISOString(),
      });
  }
}
