import { ApiPropertyOptional, OmitType, PartialType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsObject, IsString, Length, Max, Min, ValidateNested } from 'class-validator';
import type { Limits } from '../core/limits.js';
import type { SpaceRetention } from '../core/space-retention.js';
import type { ProfileName } from '../core/domain-types.js';
import { OptionalNotNull } from '../http/optional-not-null.js';
import { OrNull } from '../http/or-null.js';
import { IsMetadata, type Metadata } from '../http/metadata.js';
import { ListQuery } from '../http/list.dto.js';
import { IsSearch } from '../http/search.dto.js';
import { IsUid } from '../http/uid.js';
import { IsSpaceTag, IsSpaceTags } from './space-tag.js';
import { knownProfiles } from '../profiles/registry.js';

/** One limit of a space; null: everybody's. */
function IsLimit(): PropertyDecorator {
  return (target, name) => {
    ApiPropertyOptional({ type: 'integer', nullable: true, minimum: 1, maximum: 100_000_000 })(target, name);
    Max(100_000_000)(target, name);
    Min(1)(target, name);
    IsInt()(target, name);
    OrNull("for the instance's limit")(target, name);
  };
}

/** What the space may have. What is left out, or null, is what everybody may have. */
export class SpaceLimitsInput implements Partial<Record<keyof Limits, number | null>> {
  /** Subscriptions. */
  @IsLimit()
  subscriptions?: number | null;
  /** API keys. */
  @IsLimit()
  keys?: number | null;
  /** Portal links that work. */
  @IsLimit()
  portalLinks?: number | null;
  /** Event types of its own. */
  @IsLimit()
  eventTypes?: number | null;
  /** Bytes of one stored filter. */
  @IsLimit()
  filterBytes?: number | null;
  /** Deliveries one publish request may make before it takes turns with others like it. */
  @IsLimit()
  fanOut?: number | null;
  /** Replays and bulk retries under way. */
  @IsLimit()
  openJobs?: number | null;
  /** Published events a second, for each process that publishes. */
  @IsLimit()
  eventsPerSecond?: number | null;
}

/** What a space may have: its own limits, and everybody's where it has none. */
export class SpaceLimits implements Limits {
  /** Subscriptions. */
  subscriptions: number;
  /** API keys. */
  keys: number;
  /** Portal links that work. */
  portalLinks: number;
  /** Event types of its own. */
  eventTypes: number;
  /** Bytes of one stored filter. */
  filterBytes: number;
  /** Deliveries one publish request may make before it takes turns with others like it. */
  fanOut: number;
  /** Replays and bulk retries under way. */
  openJobs: number;
  /** Published events a second, for each process that publishes. */
  eventsPerSecond: number;
}

/** Days of a space's own; null: as long as the instance. */
function IsDays(): PropertyDecorator {
  return (target, name) => {
    ApiPropertyOptional({ type: 'integer', nullable: true, minimum: 1, maximum: 36_500 })(target, name);
    Max(36_500)(target, name);
    Min(1)(target, name);
    IsInt()(target, name);
    OrNull('to keep it as long as the instance does')(target, name);
  };
}

/**
 * For how many days the space keeps things: at most as many as the instance. What is left out, or null, is kept as long
 * as possible. What is pending or held stays until it is finished.
 */
export class SpaceRetentionInput implements Partial<Record<keyof SpaceRetention, number | null>> {
  /** Events, and deliveries with their attempts. */
  @IsDays()
  eventsDays?: number | null;
  /** Attempts. Deliveries stay, with their last status code. */
  @IsDays()
  attemptsDays?: number | null;
  /** The data of events, and the bodies and headers of attempts. Ids, times and status codes stay. */
  @IsDays()
  bodiesDays?: number | null;
}

/** For how many days the space keeps things. */
export class SpaceRetentionView implements SpaceRetention {
  /** Events, and deliveries with their attempts. */
  eventsDays: number;
  /** Attempts. */
  attemptsDays: number;
  /** The data of events, and the bodies and headers of attempts. */
  bodiesDays: number;
}

/** Which spaces to list. */
export class SpaceQuery extends ListQuery {
  /** Only those whose name or uid contains this text, or whose id it is. */
  @IsSearch()
  q?: string;

  /** Only those with this tag. */
  @OptionalNotNull()
  @IsSpaceTag()
  tag?: string;

  /** By when they were made, or by name. For A to Z set `order` to `asc`. */
  @IsIn(['created', 'name'])
  sort: 'created' | 'name' = 'created';
}

export class CreateSpace {
  /**
   * What people call it.
   * @example 'Acme Ltd'
   */
  @IsString()
  @Length(1, 200)
  name: string;

  /**
   * Your own id for it; paths take it wherever they take ours. No two spaces share one.
   * @example 'acme'
   */
  @OrNull('for none')
  @IsUid()
  uid?: string | null;

  /** How its webhooks behave. It cannot be changed later. */
  @OptionalNotNull()
  @IsIn(knownProfiles())
  profile?: ProfileName;

  /** Your own notes: up to 50 strings by name. */
  @OptionalNotNull()
  @IsMetadata()
  metadata?: Metadata;

  /**
   * Words to find it by, and to address a broadcast to: up to 20, each of 1 to 64 letters, digits, `_`, `.`, `:` and
   * `-`.
   * @example ['beta']
   */
  @OptionalNotNull()
  @IsSpaceTags()
  tags?: string[];

  /** What it may have, where that is not what everybody may. */
  @OptionalNotNull()
  @IsObject()
  @ValidateNested()
  @Type(() => SpaceLimitsInput)
  limits?: SpaceLimitsInput;

  /** For how many days it keeps things, where that is less than the instance. */
  @OptionalNotNull()
  @IsObject()
  @ValidateNested()
  @Type(() => SpaceRetentionInput)
  retention?: SpaceRetentionInput;
}

/**
 * What is left out stays, each of the `limits` and of `retention` too; `uid: null` takes the uid away; `metadata` and
 * `tags` are replaced as a whole.
 */
export class UpdateSpace extends PartialType(OmitType(CreateSpace, ['profile']), {
  skipNullProperties: false,
}) {}

/** A tenant: everything belongs to exactly one. */
export class Space {
  /** @example 'spc_0199c2f04f3b7a52b8d1e6a3c9f70412' */
  id: string;
  /** Your own id for it. */
  uid: string | null;
  /** What people call it. */
  name: string;
  /** How its webhooks behave. */
  profile: ProfileName;
  /** Your own notes. Empty for the space's own keys. */
  metadata: Metadata;
  /** The operator's. Empty for the space's own keys. */
  tags: string[];
  /** What it may have. */
  limits: SpaceLimits;
  /** For how many days it keeps things. */
  retention: SpaceRetentionView;
  /** ISO 8601, UTC. */
  createdAt: string;
  /** ISO 8601, UTC. */
  updatedAt: string;
}

export class SpaceList {
  data: Space[];
  /** Pass it as `cursor` for the next page; null on the last one. */
  nextCursor: string | null;
}
