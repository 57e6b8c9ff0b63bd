import { IsIn, IsObject, IsString, Length, MaxLength } from 'class-validator';
import type { ProfileName } from '../core/domain-types.js';
import { OptionalNotNull } from '../http/optional-not-null.js';
import { knownProfiles } from '../profiles/registry.js';

/** Whose catalogue to show. */
export class CatalogueQuery {
  /** The profile. */
  @IsIn(knownProfiles())
  profile: ProfileName = 'native';
}

/** An event type of the space's own. What is left out takes its default, also when an existing one is replaced. */
export class PutEventType {
  /** What the event means, in a sentence. */
  @OptionalNotNull()
  @IsString()
  @MaxLength(1000)
  description?: string;

  /** The group it is shown in; `Custom` if left out. */
  @OptionalNotNull()
  @IsString()
  @Length(1, 100)
  family?: string;

  /**
   * JSON Schema (draft 2020-12) of the event's data, at most 32 KiB; `{}` if left out. Publishing does not enforce it.
   */
  @OptionalNotNull()
  @IsObject()
  schema?: Record<string, unknown>;

  /** A complete `data` object, valid against the schema, at most 64 KiB. Test deliveries send it. */
  @OptionalNotNull()
  @IsObject()
  example?: Record<string, unknown>;
}

/** One kind of event. */
export class EventTypeReply {
  /** What `type` says when it is published. */
  name!: string;

  /** The group it belongs to. */
  family!: string;

  /** What it means. */
  description!: string;

  /** JSON Schema (draft 2020-12) of its data. */
  schema!: object;

  /** A complete `data` object. */
  example!: object;

  /** Whether the space defined it itself. */
  custom!: boolean;
}

/** A whole catalogue: it comes in one page. */
export class EventTypeList {
  data!: EventTypeReply[];

  /** Always null. */
  nextCursor!: string | null;
}
