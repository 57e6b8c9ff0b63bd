import { Injectable } from '@nestjs/common';
import { recordChange } from '../audit/record-change.js';
import { Conflict, Forbidden, Invalid, NotFound } from '../core/errors.js';
import { newUuid, parsePublicId, publicId, uuidFloor } from '../core/ids.js';
import { Database } from '../database/database.js';
import type { ListShape } from '../database/list-statement.js';
import type { Sql } from '../database/sql.js';
import { findEventIds } from '../event-store/event-keys.js';
import { findHold, insertHold, listHolds, releaseHold } from '../event-store/hold-records.js';
import type { LegalHoldEntity } from '../event-store/legal-hold.entity.js';
import { LAST_ID } from '../event-store/selection.js';
import { subjectHash } from '../event-store/subject.js';
import { idAt } from '../http/time-range.dto.js';
import { Clock } from '../lib/clock.js';
import type { SpaceRef } from '../spaces/space-ref.js';
import type { HoldInput } from './hold.dto.js';

/** A hold of the operator's is released by the operator only. */
const OPERATOR = 'admin';

/** People are the operator's, too, and not the tenant whose keys there are. */
function isPerson(name: string): boolean {
  return parsePublicId('usr', name) !== null;
}

/** Sets, lists and releases legal holds. */
@Injectable()
export class HoldsService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** From its return on nothing that it is on is removed. Throws Invalid for an event that is not known. */
  async set(space: SpaceRef, input: HoldInput, setBy: string): Promise<LegalHoldEntity> {
    const now = this.clock.date();
    const hold: LegalHoldEntity = {
      id: newUuid(now.getTime()),
      spaceId: space.id,
      sinceId: input.since === undefined ? uuidFloor(0) : idAt(input.since),
      untilId: input.until === undefined ? LAST_ID : idAt(input.until),
      eventId: input.event === undefined ? null : await this.eventNamed(space, input.event),
      subject: input.subjectId ?? null,
      ...{ reason: input.reason, setBy, createdAt: now, releasedBy: null, releasedAt: null },
    };
    await this.database.transaction(async (sql) => {
      await insertHold(sql, hold);
      await this.record(sql, space, hold, 'set');
    });
    return hold;
  }

  list(space: SpaceRef, shape: Pick<ListShape, 'after' | 'order' | 'limit'>): Promise<LegalHoldEntity[]> {
    return listHolds(this.database.sql, space.id, shape);
  }

  /** `ref` is a `lgh_` id. Throws NotFound. */
  async find(space: SpaceRef, ref: string): Promise<LegalHoldEntity> {
    const id = parsePublicId('lgh', ref);
    const hold = id === null ? null : await findHold(this.database.sql, space.id, id);
    if (!hold) throw new NotFound('legal hold');
    return hold;
  }

  /** Ends a hold; its record stays. Throws NotFound, Forbidden, and Conflict when it has ended before. */
  async release(space: SpaceRef, ref: string, releasedBy: string): Promise<LegalHoldEntity> {
    const hold = await this.find(space, ref);
    if (hold.setBy === OPERATOR && releasedBy !== OPERATOR)
      throw new Forbidden('The operator set this legal hold: only the admin key can release it.');
    if (isPerson(hold.setBy) && releasedBy !== OPERATOR && !isPerson(releasedBy))
      throw new Forbidden('A person set this legal hold: no key of the space can release it.');
    await this.database.transaction(async (sql) => {
      if (!(await releaseHold(sql, hold, releasedBy, this.clock.date())))
        throw new Conflict('hold_released', 'This legal hold was released before.');
      await this.record(sql, space, hold, 'release');
    });
    return this.find(space, ref);
  }

  private record(
    sql: Sql,
    { id: spaceId, by }: SpaceRef,
    { id, reason, eventId, subject }: LegalHoldEntity,
    verb: 'set' | 'release',
  ): Promise<void> {
    const target = { type: 'legal_hold' as const, id: publicId('lgh', id) };
    const event = eventId && publicId('evt', eventId);
    const facts = { reason, event, subjectSha256: subject && subjectHash(spaceId, subject) };
    const sides = verb === 'set' ? { after: facts } : { before: facts };
    return recordChange(sql, this.clock.now(), { spaceId, by, verb, target, ...sides });
  }

  private async eventNamed(space: SpaceRef, ref: string): Promise<string> {
    const byKey = await findEventIds(this.database.sql, space.id, [ref]);
    const id = byKey.get(ref) ?? parsePublicId('evt', ref);
    if (id !== null) return id;
    const message = 'No event has this id. Your own ids are known for two days; use the evt_ id.';
    throw new Invalid([{ path: 'event', code: 'unknown_event', message }]);
  }
}
