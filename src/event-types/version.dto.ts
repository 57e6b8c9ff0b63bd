import { IsArray, IsBoolean, IsObject, IsString, MaxLength } from 'class-validator';
import { MAX_PATH, MAX_STEPS, type MappingStep } from '../core/mapping.js';
import { component, NOT_INHERITED, Schema, STORED } from '../http/input-schemas.js';
import { OptionalNotNull } from '../http/optional-not-null.js';
import { OrNull } from '../http/or-null.js';
import { EXAMPLE_NAME_FORM, MAX_EXAMPLES } from './example-names.js';

const PATH = component('MappingPath', {
  type: 'string',
  description: 'Up to 8 names with dots between them, and names with dots in brackets: `lead["a.b"].c`.',
  minLength: 1,
  maxLength: MAX_PATH,
  pattern: `^${NOT_INHERITED}[^.[\\u0000]+(?:\\.${NOT_INHERITED.replace('$', '(?:\\.|$)')}[^.[\\u0000]+){0,7}$`,
});
const ANY = { $ref: '#/components/schemas/StorableValue' };

const stepOf = (properties: Record<string, object>) => ({
  type: 'object',
  additionalProperties: false,
  required: Object.keys(properties),
  properties,
});

/** A step of `core/mapping.ts`. */
const STEP = component('MappingStep', {
  description: 'One step of a mapping of data.',
  oneOf: [
    component('MoveStep', stepOf({ move: PATH, to: PATH })),
    component('DropStep', stepOf({ drop: PATH })),
    component('SetStep', stepOf({ set: PATH, value: ANY })),
    component('DefaultStep', stepOf({ default: PATH, value: ANY })),
  ],
});

export const MAPPING_STEPS = { type: 'array', maxItems: MAX_STEPS, items: STEP, nullable: true };

/** Examples by name. */
export const EXAMPLES = {
  type: 'object',
  maxProperties: MAX_EXAMPLES,
  propertyNames: { pattern: EXAMPLE_NAME_FORM.replace('^', `^${NOT_INHERITED}`) },
  additionalProperties: STORED,
};

/** A later version of an event type. What is left out takes its default. */
export class VersionInput {
  /** What is different, in a sentence. */
  @OptionalNotNull()
  @IsString()
  @MaxLength(1000)
  description?: string;

  /** JSON Schema (draft 2020-12) of the version's data, at most 32 KiB; `{}` if left out. */
  @OptionalNotNull()
  @IsObject()
  schema?: Record<string, unknown>;

  /** A complete `data` object, valid against the schema. The first of `examples` if left out. */
  @OptionalNotNull()
  @IsObject()
  example?: Record<string, unknown>;

  /** Further examples by name, up to 20, valid against the schema. */
  @Schema(EXAMPLES)
  @OptionalNotNull()
  @IsObject()
  examples?: Record<string, object>;

  /** A draft may still be changed, and is published only where a publisher names it. Default: false. */
  @OptionalNotNull()
  @IsBoolean()
  draft?: boolean;

  /**
   * Makes data of this version data of the version before: steps, carried out one after the other. Null: that is not
   * possible, and subscriptions cannot be pinned to a version before.
   * @example [{"move": "lead.email", "to": "lead.mail"}, {"drop": "lead.score"}]
   */
  @Schema(MAPPING_STEPS)
  @OrNull('for none')
  @IsArray()
  downgrade?: MappingStep[] | null;
}
