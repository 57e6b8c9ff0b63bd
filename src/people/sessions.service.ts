import { Injectable } from '@nestjs/common';
import { LessThan, LessThanOrEqual, MoreThan, type EntityManager, type Repository } from 'typeorm';
import type { Origin } from '../audit/origin.js';
import { recordChange, type Target } from '../audit/record-change.js';
import { Settings } from '../config/settings.js';
import { NotFound } from '../core/errors.js';
import { newUuid, publicId } from '../core/ids.js';
import { hashKey, randomText } from '../core/key-text.js';
import { Database } from '../database/database.js';
import { managerSql } from '../database/sql.js';
import { Clock } from '../lib/clock.js';
import { SessionEntity, type SignInWay } from './session.entity.js';

/** Where a sign-in comes from. */
export interface SignInPlace {
  ip: string | null;
  userAgent: string | null;
  requestId: string | null;
}

/** A session that has begun. Its token is stored nowhere. */
export interface StartedSession {
  token: string;
  /** For how long it is good. */
  seconds: number;
}

const HOUR_MS = 3_600_000;

/** Begins, lists and ends the sessions of people. */
@Injectable()
export class SessionsService {
  private readonly sessions: Repository<SessionEntity>;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly settings: Settings,
  ) {
    this.sessions = database.source.getRepository(SessionEntity);
  }

  /** In the transaction that found out who it is. */
  async start(
    manager: EntityManager,
    personId: string,
    way: SignInWay,
    place: SignInPlace,
  ): Promise<StartedSession> {
    const now = this.clock.date();
    const token = `phs_${randomText()}`;
    const { sessionHours } = this.settings;
    const { ip, userAgent } = place;
    const session = this.sessions.create({
      ...{ id: newUuid(now.getTime()), personId, way, ip, userAgent, hash: hashKey(token) },
      ...{ createdAt: now, seenAt: now, expiresAt: new Date(now.getTime() + sessionHours * HOUR_MS) },
    });
    await manager.delete(SessionEntity, { expiresAt: LessThanOrEqual(now) });
    await manager.insert(SessionEntity, session);
    const by = originOfPerson(personId, place);
    await this.record(manager, session, { verb: 'start', by, after: { way, expiresAt: session.expiresAt } });
    return { token, seconds: sessionHours * 3_600 };
  }

  /** Those of one person that work, or of everybody. */
  list(
    personId: string | null,
    { after, order, limit }: { after: string | null; order: 'asc' | 'desc'; limit: number },
  ): Promise<SessionEntity[]> {
    const beyond = order === 'asc' ? MoreThan : LessThan;
    return this.sessions.find({
      where: {
        expiresAt: MoreThan(this.clock.date()),
        ...(personId !== null && { personId }),
        ...(after !== null && { id: beyond(after) }),
      },
      order: { id: order },
      take: limit,
    });
  }

  /** It is refused from the next request on. `personId`: only if it is theirs. Throws NotFound. */
  async end(id: string, personId: string | null, by?: Origin): Promise<void> {
    await this.database.managerTransaction(async (manager) => {
      const where = { id, ...(personId !== null && { personId }) };
      const lock = { mode: 'pessimistic_write' } as const;
      const session = await manager.findOne(SessionEntity, { where, lock });
      if (!session) throw new NotFound('session');
      await manager.delete(SessionEntity, { id });
      await this.record(manager, session, { verb: 'end', by, before: { way: session.way } });
    });
  }

  private record(
    manager: EntityManager,
    { id, personId }: SessionEntity,
    change: { verb: string; by: Origin | undefined; before?: object; after?: object },
  ): Promise<void> {
    const target: Target = { type: 'session', id: publicId('ses', id) };
    const person = publicId('usr', personId);
    const { before, after, ...rest } = change;
    return recordChange(managerSql(manager), this.clock.now(), {
      ...{ spaceId: null, ...rest, target },
      ...(before && { before: { person, ...before } }),
      ...(after && { after: { person, ...after } }),
    });
  }
}

/** A person by their own action, before there is a session. */
export function originOfPerson(personId: string, { ip, userAgent, requestId }: SignInPlace): Origin {
  const actor = { kind: 'person' as const, id: publicId('usr', personId), name: null };
  return { actor, via: 'dashboard', ip, userAgent, requestId };
}
