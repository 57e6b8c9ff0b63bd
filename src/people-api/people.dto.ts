import { IsBoolean, IsIn, IsOptional, IsString, Length, Matches, MaxLength } from 'class-validator';
import { ROLES, type Role } from '../core/roles.js';
import { IsSearch } from '../http/search.dto.js';
import { ListQuery } from '../http/list.dto.js';
import { Schema } from '../http/input-schemas.js';
import { OptionalNotNull } from '../http/optional-not-null.js';
import { IsTrueOrFalse } from '../http/true-or-false.js';
import { EMAIL, WRONG_EMAIL } from './email-form.js';

/** Which people to list. */
export class PeopleQuery extends ListQuery {
  /** Part of an address or a name. */
  @IsSearch()
  q?: string;

  /** Whether to list those who were removed and not erased, in place of those who may sign in. */
  @IsTrueOrFalse()
  removed?: boolean;
}

/** Somebody who may sign in. */
export class CreatePerson {
  /**
   * Their address: the one that the identity provider knows, or that gets sign-in links.
   * @example 'ada@example.com'
   */
  @IsString()
  @MaxLength(254)
  @Schema({ pattern: EMAIL.source })
  @Matches(EMAIL, WRONG_EMAIL)
  email: string;

  /** What to call them; the identity provider's name takes its place. */
  @IsOptional()
  @IsString()
  @Length(1, 200)
  name?: string | null;

  /** In all spaces; null or left out: only in those where they get one. */
  @IsOptional()
  @IsIn(ROLES)
  role?: Role | null;

  /** Whether to tell them by mail, where the engine has a mail server. */
  @OptionalNotNull()
  @IsBoolean()
  invite?: boolean;
}

/** What is left out stays. */
export class ChangePerson {
  /** What to call them. */
  @IsOptional()
  @IsString()
  @Length(1, 200)
  name?: string | null;

  /** In all spaces; null: only in those where they have one. It applies to their next request. */
  @IsOptional()
  @IsIn(ROLES)
  role?: Role | null;
}

export class RemovePersonQuery {
  /** Whether to forget their address and name, in the audit log, too. It cannot be undone. */
  @IsTrueOrFalse()
  erase?: boolean;
}

/** A role in one space for somebody, who is made if there is nobody with this address. */
export class AddToSpace {
  /** @example 'ada@example.com' */
  @IsString()
  @MaxLength(254)
  @Schema({ pattern: EMAIL.source })
  @Matches(EMAIL, WRONG_EMAIL)
  email: string;

  @IsIn(ROLES)
  role: Role;

  /** Whether to tell them by mail, where the engine has a mail server. */
  @OptionalNotNull()
  @IsBoolean()
  invite?: boolean;
}

export class SetSpaceRole {
  /** It applies to their next request. */
  @IsIn(ROLES)
  role: Role;
}

export class RoleInSpace {
  /** `spc_…` */
  spaceId: string;
  /** What the space is called. */
  name: string;
  role: Role;
}

/** Somebody who may sign in. */
export class PersonView {
  /** @example 'usr_0199c2f04f3b7a52b8d1e6a3c9f70412' */
  id: string;
  email: string;
  name: string | null;
  /** In all spaces; null: only in `spaces`. */
  role: Role | null;
  /** True: an admin because of `POSTHORN_ADMINS`, whatever is changed here. */
  adminBySetting: boolean;
  /** Roles in single spaces, beside that. */
  spaces: RoleInSpace[];
  /** ISO 8601, UTC. */
  createdAt: string;
  /** When they last signed in; null: never. */
  signedInAt: string | null;
}

export class PeopleList {
  data: PersonView[];
  /** Pass it as `cursor` for the next page; null on the last one. */
  nextCursor: string | null;
}

/** Somebody with a role in this space. */
export class SpacePerson {
  /** `usr_…` */
  id: string;
  email: string;
  name: string | null;
  /** In this space. */
  role: Role;
}

export class SpacePeople {
  data: SpacePerson[];
}
