import { IsIn, IsString, MaxLength } from 'class-validator';
import { BODY_FORMATS, MAX_TEMPLATE, type BodyFormat } from '../core/request-format.js';
import { NOT_BLANK, Schema, SchemaRule } from '../http/input-schemas.js';
import { OptionalNotNull } from '../http/optional-not-null.js';
import { BODY_RULE } from './subscription-schemas.js';

/** What the body of a request is made of. */
@SchemaRule(BODY_RULE)
export class BodyInput {
  /**
   * `envelope` (default): `{"type", "timestamp", "data"}`. `data`: the event's data alone, as it was published.
   * `template`: the value of a JSONata expression. `slack`, `teams` and `discord`: a message for their incoming
   * webhooks.
   */
  @IsIn(BODY_FORMATS)
  format: BodyFormat;

  /**
   * With `template`: a JSONata expression over `{id, type, timestamp, data}`, up to 16,384 characters. It is tried with
   * an example before it is saved.
   */
  @Schema({ pattern: NOT_BLANK, example: '{"text": type & ": " & data.name}' })
  @OptionalNotNull()
  @IsString()
  @MaxLength(MAX_TEMPLATE)
  template?: string;
}
