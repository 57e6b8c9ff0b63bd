import { OmitType } from '@nestjs/swagger';
import { IsIn, IsString, Length, Matches } from 'class-validator';
import { OptionalNotNull } from '../http/optional-not-null.js';
import { TimeRangeQuery } from '../http/time-range.dto.js';

const TARGET_TYPES = [
  ...(['space', 'key', 'portal_link', 'event_type', 'subscription', 'delivery', 'job', 'secrets'] as const),
  'test_receiver' as const,
  'legal_hold' as const,
  'archive' as const,
  'broadcast' as const,
  'person' as const,
  'session' as const,
];

/** Which entries of the audit log to read. */
export class AuditQuery extends TimeRangeQuery {
  /**
   * Only changes by this key, portal link or person (`key_…`, `lnk_…`, `usr_…`), or by this kind: `admin`, `key`,
   * `portal_link`, `person`, `application`.
   */
  @OptionalNotNull()
  @IsString()
  @Matches(/^(?:(?:key|lnk|usr)_[0-9a-f]{32}|admin|key|portal_link|person|application)$/, {
    message: 'must be a key_…, lnk_… or usr_… id, or one of admin, key, portal_link, person, application',
  })
  actor?: string;

  /**
   * Only this action, such as `subscription.update`; `subscription.*` for all on subscriptions.
   * @example 'subscription.update'
   */
  @OptionalNotNull()
  @IsString()
  @Matches(/^[a-z_]{1,40}\.(?:[a-z_]{1,40}|\*)$/, {
    message: 'must be an action such as subscription.update or subscription.*',
  })
  action?: string;

  /** Only changes of this type of thing. */
  @OptionalNotNull()
  @IsIn(TARGET_TYPES)
  targetType?: (typeof TARGET_TYPES)[number];

  /** Only changes of this thing: its id of ours, or the uid or name that it had. */
  @OptionalNotNull()
  @IsString()
  @Length(1, 256)
  target?: string;
}

/** The same in all spaces. */
export class AdminAuditQuery extends AuditQuery {
  /** Only changes in this space, which may be deleted: its `spc_` id. */
  @OptionalNotNull()
  @Matches(/^spc_[0-9a-f]{32}$/, { message: 'must be the spc_ id of a space' })
  space?: string;
}

const FORMATS = ['ndjson', 'csv'] as const;

/** Which entries to export. */
export class AuditExportQuery extends OmitType(AuditQuery, ['limit', 'cursor']) {
  /** A JSON object in each line, or CSV with a line of titles. */
  @IsIn(FORMATS)
  format: (typeof FORMATS)[number] = 'ndjson';
}

/** The same in all spaces. */
export class AdminAuditExportQuery extends OmitType(AdminAuditQuery, ['limit', 'cursor']) {
  /** A JSON object in each line, or CSV with a line of titles. */
  @IsIn(FORMATS)
  format: (typeof FORMATS)[number] = 'ndjson';
}

/** Which page of a subscription's history to read. */
export class HistoryQuery extends TimeRangeQuery {}

export class AuditActor {
  /** `application`: code of an application that has Posthorn as a module. `person`: somebody who was signed in. */
  kind: 'admin' | 'key' | 'portal_link' | 'application' | 'person';
  /** The key's, the link's or the person's id. */
  id: string | null;
  /** The key's name; the person's mail address, null once they are erased. */
  name: string | null;
}

export class AuditTarget {
  type: (typeof TARGET_TYPES)[number];
  /** Its id; an event type's name. */
  id: string;
  /** The uid or name that it had. */
  name: string | null;
}

/** One change: who did what, when, and from where. */
export class AuditEntry {
  /** @example 'aud_0199c2f04f3b7a52b8d1e6a3c9f70412' */
  id: string;
  /** ISO 8601, UTC. */
  at: string;
  /** Null for what concerns all spaces. */
  spaceId: string | null;
  /** @example 'subscription.update' */
  action: string;
  actor: AuditActor;
  /** The way it came. `cli` and `dashboard` are what the client says of itself. */
  via: 'api' | 'cli' | 'dashboard' | 'provider_api' | 'application';
  target: AuditTarget;
  /** What was there before: of an update, the fields that differ. Secrets and values of headers are hidden. */
  before: object | null;
  /** What is there now, likewise. */
  after: object | null;
  /** The client's address. Behind a proxy see POSTHORN_TRUST_PROXY. */
  ip: string | null;
  userAgent: string | null;
  requestId: string | null;
}

export class AuditList {
  data: AuditEntry[];
  /** Pass it as `cursor` for the next page; null on the last one. */
  nextCursor: string | null;
}
