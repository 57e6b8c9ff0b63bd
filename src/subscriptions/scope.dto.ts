import { IsIn, IsObject, IsString, Length } from 'class-validator';
import { SCOPE_LEVELS, type ScopeLevel } from '../core/domain-types.js';
import type { WantedTags } from '../core/tags.js';
import { OptionalNotNull } from '../http/optional-not-null.js';
import { Schema, SchemaRule } from '../http/input-schemas.js';
import { SCOPE_RULE, WANTED_TAGS } from './subscription-schemas.js';

/** Whom a subscription listens to. */
@SchemaRule(SCOPE_RULE)
export class ScopeInput {
  /**
   * `space`: everything; `tags`: only events with the tags that `tags` has; `client` and `campaign`: only events of the
   * one that is named, which is the tag of that name. May be left out with `tags`.
   */
  @OptionalNotNull()
  @IsIn(SCOPE_LEVELS)
  level?: ScopeLevel;

  /**
   * Only events that have all of these tags, by name: a value, or a list of values of which one fits. Of the native
   * profile only.
   * @example {"client": "acme", "region": ["eu", "uk"]}
   */
  @Schema(WANTED_TAGS)
  @OptionalNotNull()
  @IsObject()
  tags?: WantedTags;

  /** With level `client` only. */
  @OptionalNotNull()
  @IsString()
  @Length(1, 256)
  clientId?: string;

  /** With level `campaign` only. */
  @OptionalNotNull()
  @IsString()
  @Length(1, 256)
  campaignId?: string;
}
