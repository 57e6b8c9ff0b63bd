import { PickType } from '@nestjs/swagger';
import { IsObject, IsString, MaxLength } from 'class-validator';
import { SchemaRule } from '../http/input-schemas.js';
import { OptionalNotNull } from '../http/optional-not-null.js';
import { KeptAsText } from '../http/sent-data.js';
import { FORM_RULE } from './subscription-schemas.js';
import { NewSubscription } from './subscription.dto.js';

/** A request's form, and what to try it with. */
@SchemaRule(FORM_RULE)
export class PreviewInput extends PickType(NewSubscription, [
  'body',
  'contentType',
  'method',
  'eventTypeVersions',
] as const) {
  /**
   * The event type whose example is taken, in the version that `eventTypeVersions` names; by default the first of the
   * catalogue.
   */
  @OptionalNotNull()
  @IsString()
  @MaxLength(128)
  type?: string;

  /** Data to take instead of the example. */
  @KeptAsText()
  @OptionalNotNull()
  @IsObject()
  data?: object;
}

/** A request as it would be sent. */
export class PreviewView {
  /** The event type that it was tried with. */
  type: string;
  method: string;
  /** `[name, value]` pairs; the signature is `***`. */
  headers: string[][];
  body: string;
}
