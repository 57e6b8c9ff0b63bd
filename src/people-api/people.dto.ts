import { IsBoolean, IsIn, IsString, Length, Matches, MaxLength } from 'class-validator';
import { ROLES, type Role } from '../core/roles.js';
import { IsSearch } from '../http/search.dto.js';
import { ListQuery } from '../http/list.dto.js';
import { Schema } from '../http/input-schemas.js';
import { OptionalNotNull } from '../http/optional-not-null.js';
import { OrNull } from '../http/or-null.js';
import { IsTrueOrFalse } from '../http/true-or-false.js';
import { EMAIL, WRONG_EMAIL } from './email-form.js';

/** Which people to list. */
export class PeopleQuery extends ListQuery {
  /** Part of an address or a name. */
  @IsSearch()
  q?: string;

  /** True: list people who were removed but not erased, instead of those who may sign in. */
  @IsTrueOrFalse()
  removed?: boolean;
}

/** Somebody who may sign in. */
export class CreatePerson {
  /**
   * Their mail address, as the identity provider has it, or to which sign-in links go.
   * @example 'ada@example.com'
   */
  @IsString()
  @MaxLength(254)
  @Schema({ pattern: EMAIL.source })
  @Matches(EMAIL, WRONG_EMAIL)
  email: string;

  /** Their name. The identity provider's replaces it. */
  @OrNull('for none')
  @IsString()
  @Length(1, 200)
  name?: string | null;

  /** Their role in all spaces; null or absent: they have roles in single spaces only. */
  @OrNull('for roles in single spaces only')
  @IsIn(ROLES)
  role?: Role | null;

  /** Whether to send them an invitation by mail, if the engine has a mail server. */
  @OptionalNotNull()
  @IsBoolean()
  invite?: boolean;
}

/** What is left out stays. */
export class ChangePerson {
  /** Their name. */
  @OrNull('for none')
  @IsString()
  @Length(1, 200)
  name?: string | null;

  /** Their role in all spaces; null: they have roles in single spaces only. Applies from their next request on. */
  @OrNull('for roles in single spaces only')
  @IsIn(ROLES)
  role?: Role | null;
}

export class RemovePersonQuery {
  /** Whether to also delete their address and name, in the audit log, too. This cannot be undone. */
  @IsTrueOrFalse()
  erase?: boolean;
}

/** A role in one space for a person, who is added if nobody has this address. */
export class AddToSpace {
  /** @example 'ada@example.com' */
  @IsString()
  @MaxLength(254)
  @Schema({ pattern: EMAIL.source })
  @Matches(EMAIL, WRONG_EMAIL)
  email: string;

  @IsIn(ROLES)
  role: Role;

  /** Whether to send them an invitation by mail, if the engine has a mail server. */
  @OptionalNotNull()
  @IsBoolean()
  invite?: boolean;
}

export class SetSpaceRole {
  /** Applies from their next request on. */
  @IsIn(ROLES)
  role: Role;
}

export class RoleInSpace {
  /** `spc_…` */
  spaceId: string;
  /** The name of the space. */
  name: string;
  role: Role;
}

/** Somebody who may sign in. */
export class PersonView {
  /** @example 'usr_0199c2f04f3b7a52b8d1e6a3c9f70412' */
  id: string;
  email: string;
  name: string | null;
  /** The role in all spaces; null: only the roles in `spaces`. */
  role: Role | null;
  /** True: `POSTHORN_ADMINS` makes them an admin, whatever their role here is. */
  adminBySetting: boolean;
  /** Further roles in single spaces. */
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
  /** Their role in this space. */
  role: Role;
}

export class SpacePeople {
  data: SpacePerson[];
}
