import { Matches } from 'class-validator';
import { ListQuery } from '../http/list.dto.js';
import { OptionalNotNull } from '../http/optional-not-null.js';

/** Which sessions to list. */
export class SessionsQuery extends ListQuery {
  /** Only those of this person; for admins. People get their own without it. */
  @OptionalNotNull()
  @Matches(/^usr_[0-9a-f]{32}$/, { message: 'must be the usr_ id of a person' })
  person?: string;
}

/** Where somebody is signed in. */
export class PersonSession {
  /** @example 'ses_0199c2f04f3b7a52b8d1e6a3c9f70412' */
  id: string;
  /** `usr_…` */
  personId: string;
  /** Their mail address. */
  email: string | null;
  /** At the identity provider, or by a link in a mail. */
  way: 'oidc' | 'link';
  /** Whether it is the one of this request. */
  isCurrent: boolean;
  /** ISO 8601, UTC. */
  createdAt: string;
  /** To about a minute. */
  seenAt: string;
  expiresAt: string;
  /** Where it began. */
  ip: string | null;
  userAgent: string | null;
}

export class PersonSessionList {
  data: PersonSession[];
  /** Pass it as `cursor` for the next page; null on the last one. */
  nextCursor: string | null;
}
