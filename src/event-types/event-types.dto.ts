import { ApiExtraModels, getSchemaPath } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsObject, IsString, Length, Matches, MaxLength } from 'class-validator';
import type { ProfileName } from '../core/domain-types.js';
import { EVENT_TYPE_NAME_HINT, EVENT_TYPE_NAME_SCHEMA } from '../core/event-type-name.js';
import { VALIDATIONS, type Validation } from '../core/space-catalogue.js';
import { OptionalNotNull } from '../http/optional-not-null.js';
import { OrNull } from '../http/or-null.js';
import { NOT_INHERITED, Schema } from '../http/input-schemas.js';
import type { TypeSource } from './instance-event-type.entity.js';
import { MAX_VERSIONS } from '../core/type-versions.js';
import { knownProfiles } from '../profiles/registry.js';
import type { NamedExamples } from './definition.js';
import { EXAMPLES, MAPPING_STEPS, VersionInput } from './version.dto.js';
import type { MappingStep } from '../core/mapping.js';

/** Whose catalogue to show. */
export class CatalogueQuery {
  /** The profile. */
  @IsIn(knownProfiles())
  profile: ProfileName = 'native';
}

/** How to define an event type. */
export class DefineQuery {
  /** `true`: also where the change breaks publishers or receivers of a version. */
  @OptionalNotNull()
  @IsIn(['true', 'false'])
  force?: 'true' | 'false';
}

const NUMBERS = { pattern: '^(?:[2-9]|[1-9][0-9]{1,2}|1000)$' };
const VERSIONS = {
  type: 'object',
  maxProperties: MAX_VERSIONS - 1,
  propertyNames: NUMBERS,
  additionalProperties: { $ref: getSchemaPath(VersionInput) },
};

/** An event type of the space's own. What is left out takes its default, also when an existing one is replaced. */
@ApiExtraModels(VersionInput)
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
   * JSON Schema (draft 2020-12) of the event's data, at most 32 KiB; `{}` if left out. `validation` says whether
   * published data is compared with it.
   */
  @OptionalNotNull()
  @IsObject()
  schema?: Record<string, unknown>;

  /**
   * A complete `data` object, valid against the schema, at most 64 KiB. Test deliveries send it. The first of
   * `examples` if left out.
   */
  @OptionalNotNull()
  @IsObject()
  example?: Record<string, unknown>;

  /** Further examples by name, up to 20, valid against the schema; at most 64 KiB together with `example`. */
  @Schema(EXAMPLES)
  @OptionalNotNull()
  @IsObject()
  examples?: Record<string, object>;

  /**
   * Later versions, by number: `2` and so on. `schema` and `example` beside them are those of version 1. What is
   * published without a version is of the newest that is no draft.
   */
  @Schema(VERSIONS)
  @OptionalNotNull()
  @IsObject()
  versions?: Record<string, VersionInput>;

  /** The same as `family`. */
  @OptionalNotNull()
  @IsString()
  @Length(1, 100)
  group?: string;

  /** Whether publishers should stop using it: answers to them warn. `true` if left out where `replacedBy` is given. */
  @OptionalNotNull()
  @IsBoolean()
  deprecated?: boolean;

  /** The name of the type to use instead. */
  @OrNull('for none')
  @Schema({ ...EVENT_TYPE_NAME_SCHEMA, type: 'string', nullable: true })
  @Matches(new RegExp(EVENT_TYPE_NAME_SCHEMA.pattern), { message: EVENT_TYPE_NAME_HINT })
  @MaxLength(EVENT_TYPE_NAME_SCHEMA.maxLength)
  replacedBy?: string | null;

  /**
   * What becomes of data that differs from the schema: nothing (`off`), the answer, the log and a metric tell (`warn`),
   * or the request is refused (`enforce`). Null or left out: as the space, or else the instance, has it.
   */
  @OrNull("for the space's setting")
  @IsIn(VALIDATIONS)
  validation?: Validation | null;
}

/** An event type of the whole instance. What is left out takes its default, also when an existing one is replaced. */
export class PutInstanceType extends PutEventType {
  /** Only spaces that have this feature (`features` of their catalogue) see the type. Null: all do. */
  @OrNull('for all spaces')
  @IsString()
  @Length(1, 100)
  feature?: string | null;
}

const DEFINITIONS = {
  type: 'object',
  propertyNames: {
    ...EVENT_TYPE_NAME_SCHEMA,
    pattern: EVENT_TYPE_NAME_SCHEMA.pattern.replace('^', `^${NOT_INHERITED}`),
  },
  additionalProperties: { $ref: getSchemaPath(PutInstanceType) },
};

/** Event types of the whole instance to define at once: all of them, or none. */
export class SyncTypes {
  /** A definition for each name, as `PUT /v1/event-types/{name}` takes it. */
  @Schema(DEFINITIONS)
  @IsObject()
  types!: Record<string, unknown>;

  /** Remove event types that were defined by this way before and are not among these. */
  @OptionalNotNull()
  @IsBoolean()
  prune?: boolean;

  /** Also where a change breaks publishers or receivers of a version. */
  @OptionalNotNull()
  @IsBoolean()
  force?: boolean;

  /** Change nothing; only answer what would be changed. */
  @OptionalNotNull()
  @IsBoolean()
  dryRun?: boolean;
}

/** What became of event types that were defined at once, by name. */
export class SyncReportView {
  created!: string[];
  updated!: string[];
  unchanged!: string[];
  removed!: string[];
}

/** A later version of an event type. */
export class VersionReply {
  /** What is different. */
  description!: string;

  /** JSON Schema (draft 2020-12) of its data. */
  schema!: object;

  /** A complete `data` object. */
  example!: object;

  /** Further examples by name. Absent: there are none. */
  @Schema({ type: 'object', additionalProperties: { type: 'object', additionalProperties: true } })
  examples?: NamedExamples;

  /** A draft is published only where a publisher names it. */
  draft!: boolean;

  /** The steps that make its data data of the version before; null: that is not possible. */
  @Schema(MAPPING_STEPS)
  downgrade!: MappingStep[] | null;
}

/** One kind of event. */
@ApiExtraModels(VersionReply)
export class EventTypeReply {
  /** What `type` says when it is published. */
  name!: string;

  /** The group it belongs to. */
  family!: string;

  /** What it means. */
  description!: string;

  /** JSON Schema (draft 2020-12) of its data; with `versions`, of version 1. */
  schema!: object;

  /** A complete `data` object; with `versions`, of version 1. */
  example!: object;

  /** Further examples by name. Absent: there are none. */
  @Schema({ type: 'object', additionalProperties: { type: 'object', additionalProperties: true } })
  examples?: NamedExamples;

  /** The version of what is published without one. Absent: the type has no versions. */
  @Schema({ type: 'integer' })
  version?: number;

  /** Later versions by number. Absent: the type has no versions. */
  @Schema({ type: 'object', additionalProperties: { $ref: getSchemaPath(VersionReply) } })
  versions?: Record<string, VersionReply>;

  /** Whether the space defined it itself. */
  custom!: boolean;

  /** By whom it was defined for the whole instance: absent on events of a profile and on a space's own. */
  @Schema({ type: 'string', enum: ['api', 'file', 'code'] })
  source?: TypeSource;

  /** Only spaces that have this feature see it. */
  feature?: string;

  /** Whether publishers should stop using it. */
  deprecated!: boolean;

  /** The name of the type to use instead. */
  replacedBy!: string | null;

  /** What becomes of data that differs from the schema. */
  @Schema({ type: 'string', enum: VALIDATIONS })
  validation!: Validation;
}

/** A whole catalogue: it comes in one page. */
export class EventTypeList {
  data!: EventTypeReply[];

  /** Always null. */
  nextCursor!: string | null;
}
