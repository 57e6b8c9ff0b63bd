import { Injectable, Logger } from '@nestjs/common';
import { withId, type ClientCertificate } from '../core/client-certificate.js';
import { tokenOwner, type TokenOwner } from '../core/oauth2.js';
import type { RequestFormat } from '../core/request-format.js';
import type { ProfileName } from '../core/domain-types.js';
import { Database } from '../database/database.js';
import type { Hook } from '../profiles/profile.js';
import { SealBroken, Sealer } from './seal.js';
import {
  openCertificate,
  openHeaders,
  openOAuth2,
  openSecrets,
  type Secret,
  type StoredSecret,
} from './secrets.js';
import { publicId } from '../core/ids.js';
import { Lru } from '../lib/lru.js';
import { RateLimitedLog } from '../lib/rate-limited-log.js';

/** What the dispatcher must know of a subscription to send to it. Holds secrets in the clear: never log one. */
export interface Endpoint {
  id: string;
  uid: string | null;
  spaceId: string;
  version: number;
  url: string;
  /** Extra request headers. */
  headers: Record<string, string>;
  clientCertificate: ClientCertificate | null;
  oauth2: TokenOwner | null;
  /** Newest first. Which of them still sign at a moment, `liveSecrets` tells. */
  secrets: Secret[];
  /** Seconds between attempts. */
  retrySchedule: number[];
  pauseAfter: number | null;
  timeoutMs: number;
  ratePerSecond: number | null;
  /** Whether its requests carry the trace context of their events. */
  passTraceparent: boolean;
  profile: ProfileName;
  /** The profile of its space: the words its events were published in. */
  spaceProfile: ProfileName;
  /** How its requests look; null: as usual. */
  format: RequestFormat | null;
  /** The versions that it is pinned to, by event type; null: to none. */
  versions: Record<string, number> | null;
  /** What its profile may know of it. */
  hook: Hook;
}

interface EndpointRow extends Omit<Endpoint, 'headers' | 'secrets' | 'clientCertificate' | 'oauth2'> {
  headers: Buffer | null;
  clientCertificate: Buffer | null;
  oauth2: Buffer | null;
  secrets: StoredSecret[];
}

const LOAD = {
  name: 'endpoints_load',
  text: `
    SELECT s.id, s.uid, space_id AS "spaceId", version, url, headers, secrets,
           client_certificate AS "clientCertificate", oauth2, retry_schedule AS "retrySchedule",
           pause_after AS "pauseAfter", timeout_ms AS "timeoutMs", rate_per_second AS "ratePerSecond",
           pass_traceparent AS "passTraceparent", request_format AS format, event_type_versions AS versions,
           s.profile, sp.profile AS "spaceProfile",
           json_build_object('id', s.id, 'providerId', provider_id, 'options', profile_options,
             'scope', json_build_object('level', scope_level, 'clientId', client_id, 'campaignId', campaign_id)) AS hook
    FROM posthorn.subscriptions s JOIN posthorn.spaces sp ON sp.id = s.space_id WHERE s.id = ANY($1::uuid[])`,
};

const CAPACITY = 20_000;

/** The endpoints this process sends to, kept opened in memory by their subscription's version. */
@Injectable()
export class EndpointsService {
  private readonly logger = new Logger('subscriptions');
  private readonly known = new Lru<Endpoint>(CAPACITY);
  /** Each lease finds them again, and a missing key may concern all. */
  private readonly unreadable = new RateLimitedLog<object>((line, dropped) =>
    this.logger.error({
      msg: 'subscription.unreadable',
      ...line,
      ...(dropped > 0 && { suppressed: dropped }),
    }),
  );

  constructor(
    private readonly database: Database,
    private readonly sealer: Sealer,
  ) {}

  /**
   * The endpoints by id, each at the version asked for or a newer one. Absent are the deleted ones, and those whose
   * secrets do not open: sending unsigned would be worse than sending later, once the missing key is back.
   */
  async load(pairs: { id: string; version: number }[]): Promise<Map<string, Endpoint>> {
    const loaded = new Map<string, Endpoint>();
    const missing: string[] = [];
    for (const { id, version } of pairs) {
      const endpoint = this.known.get(id);
      if (endpoint && endpoint.version >= version) loaded.set(id, endpoint);
      else missing.push(id);
    }
    if (missing.length > 0) {
      for (const row of await this.database.sql<EndpointRow>(LOAD, [missing])) {
        const endpoint = this.open(row);
        if (endpoint) loaded.set(row.id, endpoint);
      }
    }
    return loaded;
  }

  private open(row: EndpointRow): Endpoint | null {
    try {
      const { sealer } = this;
      const certificate = openCertificate(sealer, row.id, row.clientCertificate);
      const client = openOAuth2(sealer, row.id, row.oauth2);
      const endpoint = {
        ...row,
        headers: openHeaders(sealer, row.id, row.headers),
        secrets: openSecrets(sealer, row.id, row.secrets),
        clientCertificate: certificate && withId(certificate),
        oauth2: client && tokenOwner(row.spaceId, client),
      };
      this.known.set(row.id, endpoint);
      return endpoint;
    } catch (error) {
      if (!(error instanceof SealBroken)) throw error;
      this.unreadable.log({ subscription: publicId('sub', row.id), error: error.message });
      return null;
    }
  }
}
