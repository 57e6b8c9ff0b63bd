import { Injectable } from '@nestjs/common';
import { IsNull, LessThanOrEqual, type EntityManager, type FindOptionsWhere } from 'typeorm';
import type { Origin } from '../audit/origin.js';
import { hashKey, randomText } from '../core/key-text.js';
import type { Role } from '../core/roles.js';
import { Database } from '../database/database.js';
import { Clock } from '../lib/clock.js';
import { normalEmail, PeopleService } from './people.service.js';
import { PersonEntity } from './person.entity.js';
import type { SignInWay } from './session.entity.js';
import {
  originOfPerson,
  SessionsService,
  type SignInPlace,
  type StartedSession,
} from './sessions.service.js';
import { SignInLinkEntity } from './sign-in-link.entity.js';
import { SpaceRoleEntity } from './space-role.entity.js';

/** For how long a mailed link is good. */
export const LINK_MINUTES = 15;

/** What an identity provider says of somebody. */
export interface ProviderAccount {
  issuer: string;
  subject: string;
  /** Null: none, or not verified by the provider. */
  email: string | null;
  name: string | null;
  /** Undefined: the provider gives no roles; null: it gives them none. */
  role: Role | null | undefined;
}

/** Why somebody with a valid account or link is not let in. */
export type Refusal = 'unknown' | 'unverified' | 'other_account' | 'no_role' | 'used_link';

/** Signs people in: by their account at the identity provider, or by a link that was mailed to them. */
@Injectable()
export class SignInService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly people: PeopleService,
    private readonly sessions: SessionsService,
  ) {}

  /**
   * By the account if it was here before, else by its verified address. Nobody comes in who was not invited, is no
   * admin by the settings, and has no role from the provider.
   */
  byAccount(account: ProviderAccount, place: SignInPlace): Promise<StartedSession | Refusal> {
    return this.people.transaction(async (manager) => {
      const found = await this.find(manager, account);
      if (typeof found === 'string') return found;
      const { person } = found;
      const by = originOfPerson(person.id, place);
      const { issuer, subject, name, role = person.role } = account;
      if (found.isNew) await this.people.insert(manager, { ...person, role }, by);
      // Also for who is not let in: a session or a mailed link would still have the role that was taken away.
      else if (role !== person.role) await this.changeRole(manager, person, role, by);
      if (!(await this.hasRole(manager, { ...person, role }))) return 'no_role';
      const changes = { oidcIssuer: issuer, oidcSubject: subject, ...(name !== null && { name }) };
      await manager.update(PersonEntity, person.id, { ...changes, signedInAt: this.clock.date() });
      return this.sessions.start(manager, person.id, 'oidc', place);
    });
  }

  /** A token for a link that signs this address in; null when nobody has it. */
  async linkFor(address: string, place: SignInPlace): Promise<string | null> {
    const email = normalEmail(address);
    return this.people.transaction(async (manager) => {
      const now = this.clock.date();
      await manager.delete(SignInLinkEntity, { expiresAt: LessThanOrEqual(now) });
      const person =
        (await this.lock(manager, { email })) ?? (await this.adminBySetting(manager, email, place));
      if (!person || !(await this.hasRole(manager, person))) return null;
      const token = `phl_${randomText()}`;
      const expiresAt = new Date(now.getTime() + LINK_MINUTES * 60_000);
      await manager.insert(SignInLinkEntity, { hash: hashKey(token), personId: person.id, expiresAt });
      return token;
    });
  }

  /** Each link once: of two who open it at the same moment, one comes in. */
  byLink(token: string, place: SignInPlace): Promise<StartedSession | Refusal> {
    return this.database.managerTransaction(async (manager) => {
      const hash = hashKey(token);
      const lock = { mode: 'pessimistic_write' } as const;
      const link = await manager.findOne(SignInLinkEntity, { where: { hash }, lock });
      if (!link) return 'used_link';
      await manager.delete(SignInLinkEntity, { hash });
      if (link.expiresAt <= this.clock.date()) return 'used_link';
      const person = await this.lock(manager, { id: link.personId });
      if (!person) return 'used_link';
      return this.begin(manager, person, 'link', place);
    });
  }

  private async begin(
    manager: EntityManager,
    person: PersonEntity,
    way: SignInWay,
    place: SignInPlace,
  ): Promise<StartedSession | Refusal> {
    if (!(await this.hasRole(manager, person))) return 'no_role';
    await manager.update(PersonEntity, person.id, { signedInAt: this.clock.date() });
    return this.sessions.start(manager, person.id, way, place);
  }

  private async changeRole(
    manager: EntityManager,
    person: PersonEntity,
    role: Role | null,
    by: Origin,
  ): Promise<void> {
    await manager.update(PersonEntity, person.id, { role });
    const facts = { before: { role: person.role }, after: { role } };
    await this.people.record(manager, person.id, { verb: 'update', by, ...facts });
  }

  private async find(
    manager: EntityManager,
    { issuer, subject, email: address, role }: ProviderAccount,
  ): Promise<{ person: PersonEntity; isNew: boolean } | Refusal> {
    const known = await this.lock(manager, { oidcIssuer: issuer, oidcSubject: subject });
    if (known) return { person: known, isNew: false };
    if (address === null) return 'unverified';
    const email = normalEmail(address);
    const invited = await this.lock(manager, { email });
    if (invited) {
      // The address was given to somebody else at the provider; an admin has to remove the former owner first. With
      // another provider all accounts are new. And they may have come in by another window meanwhile.
      const isOther = invited.oidcIssuer === issuer && invited.oidcSubject !== subject;
      return isOther ? 'other_account' : { person: invited, isNew: false };
    }
    if (!role && !this.people.isAdminBySetting(email)) return 'unknown';
    return { person: this.people.newPerson(email), isNew: true };
  }

  /** The first admin is there from their first sign-in on. */
  private async adminBySetting(
    manager: EntityManager,
    email: string,
    place: SignInPlace,
  ): Promise<PersonEntity | null> {
    if (!this.people.isAdminBySetting(email)) return null;
    const person = this.people.newPerson(email);
    await this.people.insert(manager, person, originOfPerson(person.id, place));
    return person;
  }

  private lock(manager: EntityManager, where: FindOptionsWhere<PersonEntity>): Promise<PersonEntity | null> {
    const lock = { mode: 'pessimistic_write' } as const;
    return manager.findOne(PersonEntity, { where: { ...where, removedAt: IsNull() }, lock });
  }

  private async hasRole(manager: EntityManager, person: PersonEntity): Promise<boolean> {
    if (this.people.roleOf(person) !== null) return true;
    return manager.existsBy(SpaceRoleEntity, { personId: person.id });
  }
}
