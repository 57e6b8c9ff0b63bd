import { Injectable } from '@nestjs/common';
import { publicId } from '../core/ids.js';
import { Database } from '../database/database.js';
import type { Sql } from '../database/sql.js';
import { SealBroken, Sealer } from '../endpoints/seal.js';
import {
  openHeaders,
  openSecrets,
  sealHeaders,
  sealSecrets,
  type Secret,
  type StoredSecret,
} from '../endpoints/secrets.js';
import type { ResealResult } from './subscription-view.dto.js';

interface SealedRow {
  id: string;
  headers: Buffer | null;
  secrets: StoredSecret[];
}

const BATCH = 200;
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

const NEXT = {
  name: 'reseal_next',
  text: `
    SELECT id, headers, secrets FROM posthorn.subscriptions WHERE id > $1 ORDER BY id LIMIT ${BATCH}
    FOR NO KEY UPDATE`,
};

// The version stays: the sealed content has not changed, so ETags stay valid.
const WRITE = {
  name: 'reseal_write',
  text: `UPDATE posthorn.subscriptions SET headers = $2, secrets = $3 WHERE id = $1`,
};

/** Seals everything with the newest encryption key, so that older keys can be removed. */
@Injectable()
export class ResealService {
  constructor(
    private readonly database: Database,
    private readonly sealer: Sealer,
  ) {}

  /** Safe to run beside live traffic, and again after an interruption. */
  async run(): Promise<ResealResult> {
    const report: ResealResult = { checked: 0, resealed: 0, unreadable: [] };
    for (let last: string | undefined = BEFORE_ALL; last !== undefined;) {
      const after: string = last;
      last = await this.database.transaction((sql) => this.resealBatch(sql, after, report));
    }
    return report;
  }

  /** Gives the id of the last row of the batch, or nothing after the last batch. */
  private async resealBatch(sql: Sql, after: string, report: ResealResult): Promise<string | undefined> {
    const rows = await sql<SealedRow>(NEXT, [after]);
    for (const row of rows) {
      report.checked += 1;
      if (this.isCurrent(row)) continue;
      const opened = this.open(row);
      if (!opened) {
        report.unreadable.push(publicId('sub', row.id));
        continue;
      }
      const headers = sealHeaders(this.sealer, row.id, opened.headers);
      await sql(WRITE, [row.id, headers, JSON.stringify(sealSecrets(this.sealer, row.id, opened.secrets))]);
      report.resealed += 1;
    }
    return rows.at(-1)?.id;
  }

  private isCurrent({ headers, secrets }: SealedRow): boolean {
    const sealed = secrets.map((secret) => Buffer.from(secret.sealed, 'base64'));
    return [...sealed, ...(headers ? [headers] : [])].every((bytes) => this.sealer.isCurrent(bytes));
  }

  private open(row: SealedRow): { headers: Record<string, string>; secrets: Secret[] } | null {
    try {
      return {
        headers: openHeaders(this.sealer, row.id, row.headers),
        secrets: openSecrets(this.sealer, row.id, row.secrets),
      };
    } catch (error) {
      if (error instanceof SealBroken) return null;
      throw error;
    }
  }
}
