import { ArrayMaxSize, IsArray, IsBoolean, IsIn, IsString, Length } from 'class-validator';
import { VALIDATIONS, type Validation } from '../core/space-catalogue.js';
import { OptionalNotNull } from '../http/optional-not-null.js';
import { OrNull } from '../http/or-null.js';
import { Schema } from '../http/input-schemas.js';

/** A name, or a pattern (`core/event-pattern.ts`). */
const HIDDEN = {
  type: 'string',
  minLength: 1,
  maxLength: 128,
  pattern: '^(?:\\*|[^*\\u0000]*(?:[.:]\\*)?)$',
};

/** What a space decides about its catalogue. What is left out stays; null: as the instance has it. */
export class ChangeCatalogue {
  /** Whether the built-in events of a CRM (leads, campaigns, lists, statuses, tags) are part of it. */
  @OrNull("for the instance's setting")
  @IsBoolean()
  builtInEvents?: boolean | null;

  /**
   * Names and patterns (`list.*`) of built-in events and of event types of the instance that are not part of it: nobody
   * publishes them here, and no new subscription can name them. The list is replaced as a whole.
   */
  @Schema({ type: 'array', items: HIDDEN })
  @OptionalNotNull()
  @IsArray()
  @ArrayMaxSize(500)
  @IsString({ each: true })
  @Length(1, 128, { each: true })
  hidden?: string[];

  /** The features of the instance's event types that it has; only with the admin key. Replaced as a whole. */
  @OptionalNotNull()
  @IsArray()
  @ArrayMaxSize(100)
  @IsString({ each: true })
  @Length(1, 100, { each: true })
  features?: string[];

  /** What becomes of data that differs from the schema of its type, where the type does not say. */
  @OrNull("for the instance's setting")
  @IsIn(VALIDATIONS)
  validation?: Validation | null;
}

/** What is part of a space's catalogue. */
export class SpaceCatalogueView {
  /** Whether the built-in events are part of it. */
  builtInEvents: boolean;
  /** Names and patterns that are not. */
  hidden: string[];
  /** The features of the instance's event types that it has. */
  features: string[];
  /** What becomes of data that differs from the schema of its type, where the type does not say. */
  @Schema({ type: 'string', enum: VALIDATIONS })
  validation: Validation;
}
