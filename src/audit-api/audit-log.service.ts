import { Injectable } from '@nestjs/common';
import { listEntries, type EntryFilter, type EntryRow } from '../audit/list-entries.js';
import { NotFound } from '../core/errors.js';
import { parsePublicId, publicId } from '../core/ids.js';
import { PeopleService } from '../people/people.service.js';
import { Database } from '../database/database.js';
import { timeRange, type TimeRangeQuery } from '../http/time-range.dto.js';
import type { SpaceRef } from '../spaces/space-ref.js';

const EXPORT_PAGE = 1_000;

const SUBSCRIPTION = {
  name: 'audit_subscription',
  text: `SELECT id FROM posthorn.subscriptions WHERE space_id = $1 AND (id = $2 OR uid = $3)`,
};

const KNOWN = {
  name: 'audit_target_known',
  text: `SELECT 1 FROM posthorn.audit_entries WHERE space_id = $1 AND target_id = $2 LIMIT 1`,
};

type Range = Pick<TimeRangeQuery, 'since' | 'until' | 'order'>;

/** Reads the audit log. Nothing here changes it. */
@Injectable()
export class AuditLogService {
  constructor(
    private readonly database: Database,
    private readonly people: PeopleService,
  ) {}

  /** One row more than the page holds, ordered by id. */
  async list(filter: EntryFilter, query: TimeRangeQuery, after: string | null): Promise<EntryRow[]> {
    const page = { range: timeRange('id', query), after, order: query.order, limit: query.limit + 1 };
    return this.withPeople(await listEntries(this.database.sql, filter, page));
  }

  /** All entries, in pages: a slow reader keeps no statement open. */
  async *all(filter: EntryFilter, query: Range): AsyncGenerator<EntryRow[]> {
    const range = timeRange('id', query);
    for (let after: string | null = null; ;) {
      const page = { range, after, order: query.order, limit: EXPORT_PAGE };
      const rows = await listEntries(this.database.sql, filter, page);
      if (rows.length > 0) yield await this.withPeople(rows);
      if (rows.length < EXPORT_PAGE) return;
      after = rows.at(-1)?.id ?? null;
    }
  }

  /** Entries have people by their ids alone: their addresses go with an erasure, the entries stay. */
  private async withPeople(rows: EntryRow[]): Promise<EntryRow[]> {
    const named = rows.flatMap(({ actorId, targetId }) => [actorId ?? '', targetId]);
    const ids = [...new Set(named)].map((id) => parsePublicId('usr', id)).filter((id) => id !== null);
    if (ids.length === 0) return rows;
    const emails = new Map(
      [...(await this.people.emailsOf(ids))].map(([id, email]) => [publicId('usr', id), email]),
    );
    return rows.map((row) => ({
      ...row,
      actorName: emails.get(row.actorId ?? '') ?? row.actorName,
      targetName: emails.get(row.targetId) ?? row.targetName,
    }));
  }

  /** The public id of a subscription, which may be deleted where `ref` is its id. Throws NotFound. */
  async subscriptionNamed(space: SpaceRef, ref: string): Promise<string> {
    const id = parsePublicId('sub', ref);
    const uid = id === null && !ref.includes('\0') ? ref : null;
    const [found] = await this.database.sql<{ id: string }>(SUBSCRIPTION, [space.id, id, uid]);
    if (found) return publicId('sub', found.id);
    if (id === null || (await this.database.sql(KNOWN, [space.id, ref])).length === 0)
      throw new NotFound('subscription');
    return ref;
  }
}
