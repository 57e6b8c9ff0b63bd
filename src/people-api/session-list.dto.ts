import { Matches } from 'class-validator';
import { ListQuery } from '../http/list.dto.js';
import { OptionalNotNull } from '../http/optional-not-null.js';

/** Which sessions to list. */
export class SessionsQuery extends ListQuery {
  /** Only sessions of this person. For admins; other people always get their own. */
  @OptionalNotNull()
  @Matches(/^usr_[0-9a-f]{32}$/, { message: 'must be the usr_ id of a person' })
  person?: string;
}

/** A session of a person. */
export class PersonSession {
  /** @example 'ses_0199c2f04f3b7a52b8d1e6a3c9f70412' */
  id: string;
  /** `usr_…` */
  personId: string;
  /** Their mail address. */
  email: string | null;
  /** How they signed in: `oidc` at the identity provider, `link` by a link in a mail. */
  way: 'oidc' | 'link';
  /** Whether this request belongs to it. */
  isCurrent: boolean;
  /** ISO 8601, UTC. */
  createdAt: string;
  /** The last request, to about a minute. */
  seenAt: string;
  expiresAt: string;
  /** The IP address that it began from. */
  ip: string | null;
  userAgent: string | null;
}

export class PersonSessionList {
  data: PersonSession[];
  /** Pass it as `cursor` for the next page; null on the last one. */
  nextCursor: string | null;
}
