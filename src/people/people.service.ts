import { Injectable } from '@nestjs/common';
import { In, IsNull, Not, QueryFailedError, type EntityManager, type Repository } from 'typeorm';
import { difference, type Facts } from '../audit/changes.js';
import type { Origin } from '../audit/origin.js';
import { recordChange, type Target } from '../audit/record-change.js';
import { Settings } from '../config/settings.js';
import { Conflict, LimitReached, NotFound } from '../core/errors.js';
import { newUuid, parsePublicId, publicId } from '../core/ids.js';
import type { Role } from '../core/roles.js';
import { Database } from '../database/database.js';
import { containing } from '../database/like.js';
import { managerSql } from '../database/sql.js';
import { Clock } from '../lib/clock.js';
import { PersonEntity } from './person.entity.js';
import { SessionEntity } from './session.entity.js';
import { SignInLinkEntity } from './sign-in-link.entity.js';
import { SpaceRoleEntity } from './space-role.entity.js';

/** A session reads all of them for each request. Somebody who needs more can get a role in all spaces. */
const MAX_SPACE_ROLES = 500;

/** Which part of the list of people to read, ordered by id. */
interface PeopleSlice {
  /** Part of an address or a name. */
  q: string | undefined;
  /** Those who were removed and are not erased, in place of those who may sign in. */
  removed: boolean;
  after: string | null;
  order: 'asc' | 'desc';
  limit: number;
}

/** People who may sign in, and what they may do. */
@Injectable()
export class PeopleService {
  private readonly people: Repository<PersonEntity>;
  private readonly admins: ReadonlySet<string>;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    settings: Settings,
  ) {
    this.people = database.source.getRepository(PersonEntity);
    this.admins = new Set(settings.admins.map(normalEmail));
  }

  /** The role in all spaces: an address of `POSTHORN_ADMINS` is an admin's, whatever its row says. */
  roleOf({ email, role }: Pick<PersonEntity, 'email' | 'role'>): Role | null {
    return this.isAdminBySetting(email) ? 'admin' : role;
  }

  isAdminBySetting(email: string | null): boolean {
    return email !== null && this.admins.has(email);
  }

  list({ q, removed, after, order, limit }: PeopleSlice): Promise<PersonEntity[]> {
    const which = removed
      ? 'person.removed_at IS NOT NULL AND person.email IS NOT NULL'
      : 'person.removed_at IS NULL';
    const query = this.people.createQueryBuilder('person').where(which);
    if (q) query.andWhere('(person.email ILIKE :part OR person.name ILIKE :part)', { part: containing(q) });
    if (after !== null) query.andWhere(`person.id ${order === 'asc' ? '>' : '<'} :after`, { after });
    return query
      .orderBy('person.id', order === 'asc' ? 'ASC' : 'DESC')
      .limit(limit)
      .getMany();
  }

  /** `ref`: a `usr_` id or a mail address. Throws NotFound. */
  async find(ref: string): Promise<PersonEntity> {
    const person = await this.people.findOneBy({ ...placeOf(ref), removedAt: IsNull() });
    if (!person) throw new NotFound('person');
    return person;
  }

  /** The addresses of people by their ids, of removed ones too; none for erased ones. */
  async emailsOf(ids: string[]): Promise<Map<string, string>> {
    const known = ids.length === 0 ? [] : await this.people.findBy({ id: In(ids) });
    return new Map(known.flatMap(({ id, email }) => (email === null ? [] : [[id, email] as const])));
  }

  /** Throws Conflict when somebody has this address. */
  async create(
    { email, name = null, role = null }: { email: string; name?: string | null; role?: Role | null },
    by?: Origin,
  ): Promise<PersonEntity> {
    const person = { ...this.newPerson(email), name, role };
    try {
      await this.database.managerTransaction((manager) => this.insert(manager, person, by));
    } catch (error) {
      if (!isTakenEmail(error)) throw error;
      throw new Conflict(
        'email_taken',
        'Somebody with this mail address is there. Change their role instead.',
      );
    }
    return person;
  }

  /** Within a transaction of the caller's. */
  async insert(manager: EntityManager, person: PersonEntity, by?: Origin): Promise<void> {
    await manager.insert(PersonEntity, person);
    await this.record(manager, person.id, { verb: 'create', by, after: { role: person.role } });
  }

  /** What is left out stays. Throws NotFound. */
  async change(
    ref: string,
    changes: { name?: string | null; role?: Role | null },
    by?: Origin,
  ): Promise<PersonEntity> {
    return this.database.managerTransaction(async (manager) => {
      const person = await this.lock(manager, ref);
      const given = Object.fromEntries(
        (Object.entries(changes) as [string, unknown][]).filter(([, value]) => value !== undefined),
      );
      if (Object.keys(given).length > 0) await manager.update(PersonEntity, person.id, given);
      const after = { ...person, ...given };
      const both = difference({ role: person.role }, { role: after.role });
      await this.record(manager, person.id, { verb: 'update', by, ...both });
      return after;
    });
  }

  /**
   * Ends the sessions and takes all roles away. The audit log still names them, unless they are erased, which is
   * possible later, too; by an address it erases all who had it. Throws NotFound.
   */
  async remove(ref: string, { erase }: { erase: boolean }, by?: Origin): Promise<void> {
    await this.database.managerTransaction(async (manager) => {
      const person = await this.lock(manager, ref, { removed: erase });
      const { id: personId, role } = person;
      for (const entity of [SessionEntity, SignInLinkEntity, SpaceRoleEntity])
        await manager.delete(entity, { personId });
      await manager.update(PersonEntity, personId, {
        ...{
          removedAt: person.removedAt ?? this.clock.date(),
          oidcIssuer: null,
          oidcSubject: null,
          role: null,
        },
        ...(erase && { email: null, name: null }),
      });
      await this.record(manager, personId, { verb: erase ? 'erase' : 'delete', by, before: { role } });
      if (erase) await this.eraseFormer(manager, ref, by);
    });
  }

  /** Those who were removed with this address, and came back as somebody else; none where `ref` is an id. */
  private async eraseFormer(manager: EntityManager, ref: string, by: Origin | undefined): Promise<void> {
    const place = placeOf(ref);
    if (!('email' in place)) return;
    const lock = { mode: 'pessimistic_write' } as const;
    const where = { ...place, removedAt: Not(IsNull()) };
    const former = await manager.find(PersonEntity, { where, lock, order: { id: 'asc' } });
    for (const { id, role } of former) {
      await manager.update(PersonEntity, id, { email: null, name: null });
      await this.record(manager, id, { verb: 'erase', by, before: { role } });
    }
  }

  async rolesOf(personIds: string[]): Promise<SpaceRoleEntity[]> {
    if (personIds.length === 0) return [];
    const roles = this.database.source.getRepository(SpaceRoleEntity);
    return roles.find({ where: { personId: In(personIds) }, order: { spaceId: 'asc' } });
  }

  /** People with a role in this space, by their addresses. */
  async ofSpace(spaceId: string): Promise<{ person: PersonEntity; role: Role }[]> {
    const roles = await this.database.source.getRepository(SpaceRoleEntity).findBy({ spaceId });
    const found = await this.people.findBy({
      id: In(roles.map(({ personId }) => personId)),
      removedAt: IsNull(),
    });
    const byId = new Map(roles.map(({ personId, role }) => [personId, role]));
    return found
      .map((person) => ({ person, role: byId.get(person.id) as Role }))
      .sort((a, b) => ((a.person.email ?? '') < (b.person.email ?? '') ? -1 : 1));
  }

  /** Throws NotFound, and LimitReached for more spaces than a session can carry. */
  async setSpaceRole(ref: string, spaceId: string, role: Role, by?: Origin): Promise<PersonEntity> {
    return this.database.managerTransaction(async (manager) => {
      const person = await this.lock(manager, ref);
      return this.putSpaceRole(manager, person, { spaceId, role }, by);
    });
  }

  /** The same by an address; the person is added if nobody has it. */
  async addToSpace(email: string, spaceId: string, role: Role, by?: Origin): Promise<PersonEntity> {
    return this.transaction(async (manager) => {
      const where = { email: normalEmail(email), removedAt: IsNull() };
      const lock = { mode: 'pessimistic_write' } as const;
      const found = await manager.findOne(PersonEntity, { where, lock });
      const person = found ?? this.newPerson(email);
      if (!found) await this.insert(manager, person, by);
      return this.putSpaceRole(manager, person, { spaceId, role }, by);
    });
  }

  /** Finds or adds a person. Runs once more when another request added them at the same moment. */
  async transaction<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    try {
      return await this.database.managerTransaction(work);
    } catch (error) {
      if (!isTakenEmail(error)) throw error;
      return this.database.managerTransaction(work);
    }
  }

  /** A new person without a role. Not stored yet. */
  newPerson(email: string): PersonEntity {
    const now = this.clock.date();
    return this.people.create({
      ...{ id: newUuid(now.getTime()), email: normalEmail(email), name: null, role: null },
      ...{ oidcIssuer: null, oidcSubject: null, createdAt: now, signedInAt: null, removedAt: null },
    });
  }

  private async putSpaceRole(
    manager: EntityManager,
    person: PersonEntity,
    { spaceId, role }: { spaceId: string; role: Role },
    by: Origin | undefined,
  ): Promise<PersonEntity> {
    const personId = person.id;
    const before = await manager.findOneBy(SpaceRoleEntity, { personId, spaceId });
    if (!before && (await manager.countBy(SpaceRoleEntity, { personId })) >= MAX_SPACE_ROLES)
      throw new LimitReached(
        `A person has roles in ${MAX_SPACE_ROLES} spaces at most. Give one in all spaces instead.`,
      );
    await manager.upsert(SpaceRoleEntity, { personId, spaceId, role }, ['personId', 'spaceId']);
    const facts = { ...(before && { before: { role: before.role } }), after: { role } };
    await this.record(manager, personId, { spaceId, verb: 'space_role', by, ...facts });
    return person;
  }

  /** Throws NotFound. */
  async removeSpaceRole(ref: string, spaceId: string, by?: Origin): Promise<void> {
    await this.database.managerTransaction(async (manager) => {
      const { id: personId } = await this.lock(manager, ref);
      const before = await manager.findOneBy(SpaceRoleEntity, { personId, spaceId });
      if (!before) throw new NotFound('person');
      await manager.delete(SpaceRoleEntity, { personId, spaceId });
      await this.record(manager, personId, {
        spaceId,
        verb: 'space_role',
        by,
        before: { role: before.role },
      });
    });
  }

  /** The entry has only the person's id: the log must not keep what an erasure removes. */
  record(
    manager: EntityManager,
    personId: string,
    change: { verb: string; by: Origin | undefined; spaceId?: string; before?: Facts; after?: Facts },
  ): Promise<void> {
    const target: Target = { type: 'person', id: publicId('usr', personId) };
    return recordChange(managerSql(manager), this.clock.now(), { spaceId: null, ...change, target });
  }

  private async lock(
    manager: EntityManager,
    ref: string,
    { removed = false }: { removed?: boolean } = {},
  ): Promise<PersonEntity> {
    const where = { ...placeOf(ref), ...(!removed && { removedAt: IsNull() }) };
    const lock = { mode: 'pessimistic_write' } as const;
    const person = await manager.findOne(PersonEntity, { where, lock, order: { id: 'desc' } });
    if (!person) throw new NotFound('person');
    return person;
  }
}

/**
 * As addresses are stored and compared. Only ASCII letters are folded: the Kelvin sign is a "k" in lower case, and
 * belongs to another mailbox.
 */
export function normalEmail(email: string): string {
  return email.replaceAll(/^ +| +$|[A-Z]+/g, (part) => part.trim().toLowerCase());
}

function placeOf(ref: string): { id: string } | { email: string } {
  const id = parsePublicId('usr', ref);
  return id === null ? { email: normalEmail(ref.replaceAll('\0', '')) } : { id };
}

function isTakenEmail(error: unknown): boolean {
  if (!(error instanceof QueryFailedError)) return false;
  const { code, constraint } = error.driverError as { code?: string; constraint?: string };
  return code === '23505' && constraint === 'people_email_key';
}
