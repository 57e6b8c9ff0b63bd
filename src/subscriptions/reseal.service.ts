import { Injectable } from '@nestjs/common';
import type { CertificatePair } from '../core/client-certificate.js';
import type { OAuth2Client } from '../core/oauth2.js';
import type { Origin } from '../audit/origin.js';
import { recordChange } from '../audit/record-change.js';
import { Clock } from '../lib/clock.js';
import { publicId } from '../core/ids.js';
import { Database } from '../database/database.js';
import type { Sql } from '../database/sql.js';
import { SealBroken, Sealer } from '../endpoints/seal.js';
import {
  openCertificate,
  openHeaders,
  openOAuth2,
  openSecrets,
  sealHeaders,
  sealObject,
  sealSecrets,
  type Secret,
  type StoredSecret,
} from '../endpoints/secrets.js';
import type { ResealResult } from './subscription-view.dto.js';

interface SealedRow {
  id: string;
  headers: Buffer | null;
  secrets: StoredSecret[];
  client_certificate: Buffer | null;
  oauth2: Buffer | null;
}

interface OpenedRow {
  headers: Record<string, string>;
  secrets: Secret[];
  certificate: CertificatePair | null;
  oauth2: OAuth2Client | null;
}

const BATCH = 200;
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

const NEXT = {
  name: 'reseal_next',
  text: `
    SELECT id, headers, secrets, client_certificate, oauth2 FROM posthorn.subscriptions WHERE id > $1 ORDER BY id
      LIMIT ${BATCH}
    FOR NO KEY UPDATE`,
};

// The version stays: the sealed content has not changed, so ETags stay valid.
const WRITE = {
  name: 'reseal_write',
  text: `UPDATE posthorn.subscriptions SET headers = $2, secrets = $3, client_certificate = $4, oauth2 = $5
    WHERE id = $1`,
};

/** Seals everything with the newest encryption key, so that older keys can be removed. */
@Injectable()
export class ResealService {
  constructor(
    private readonly database: Database,
    private readonly sealer: Sealer,
    private readonly clock: Clock,
  ) {}

  /** Safe to run beside live traffic, and again after an interruption. */
  async run(by?: Origin): Promise<ResealResult> {
    const report: ResealResult = { checked: 0, resealed: 0, unreadable: [] };
    for (let last: string | undefined = BEFORE_ALL; last !== undefined;) {
      const after: string = last;
      last = await this.database.transaction((sql) => this.resealBatch(sql, after, report, by));
    }
    return report;
  }

  /** Gives the id of the last row of the batch, or nothing after the last batch. */
  private async resealBatch(
    sql: Sql,
    after: string,
    report: ResealResult,
    by: Origin | undefined,
  ): Promise<string | undefined> {
    const { resealed: before } = report;
    const rows = await sql<SealedRow>(NEXT, [after]);
    for (const row of rows) {
      report.checked += 1;
      if (this.isCurrent(row)) continue;
      const opened = this.open(row);
      if (!opened) {
        report.unreadable.push(publicId('sub', row.id));
        continue;
      }
      await sql(WRITE, this.sealed(row.id, opened));
      report.resealed += 1;
    }
    // Each batch is a change of its own; the last one says that all are done.
    if (report.resealed > before || rows.length === 0) {
      const { checked, resealed } = report;
      const change = { spaceId: null, by, verb: 'reseal', after: { checked, resealed } };
      await recordChange(sql, this.clock.now(), { ...change, target: { type: 'secrets', id: 'all' } });
    }
    return rows.at(-1)?.id;
  }

  private sealed(id: string, { headers, secrets, certificate, oauth2 }: OpenedRow): unknown[] {
    const { sealer } = this;
    return [
      id,
      sealHeaders(sealer, id, headers),
      JSON.stringify(sealSecrets(sealer, id, secrets)),
      sealObject(sealer, id, 'client_certificate', certificate),
      sealObject(sealer, id, 'oauth2', oauth2),
    ];
  }

  private isCurrent({ headers, secrets, client_certificate: certificate, oauth2 }: SealedRow): boolean {
    const sealed = secrets.map((secret) => Buffer.from(secret.sealed, 'base64'));
    const others = [headers, certificate, oauth2].filter((bytes) => bytes !== null);
    return [...sealed, ...others].every((bytes) => this.sealer.isCurrent(bytes));
  }

  private open(row: SealedRow): OpenedRow | null {
    try {
      return {
        headers: openHeaders(this.sealer, row.id, row.headers),
        secrets: openSecrets(this.sealer, row.id, row.secrets),
        certificate: openCertificate(this.sealer, row.id, row.client_certificate),
        oauth2: openOAuth2(this.sealer, row.id, row.oauth2),
      };
    } catch (error) {
      if (error instanceof SealBroken) return null;
      throw error;
    }
  }
}
