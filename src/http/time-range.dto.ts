import { applyDecorators } from '@nestjs/common';
import { ValidateBy } from 'class-validator';
import { uuidFloor } from '../core/ids.js';
import { hasZone, parseTime, TIME_FORM, ZONED_TIME_FORM } from '../lib/iso-time.js';
import type { Condition } from '../database/list-statement.js';
import { Schema } from './input-schemas.js';
import { ListQuery } from './list.dto.js';
import { OptionalNotNull } from './optional-not-null.js';

/** An ISO 8601 date or time. The standard's weeks, short forms and hours alone are refused. */
export function IsTime(): PropertyDecorator {
  const validate = ValidateBy({
    name: 'isIso8601',
    validator: {
      validate: (value) => typeof value === 'string' && parseTime(value) !== null,
      defaultMessage: () => 'must be an ISO 8601 time, such as 2026-01-31T09:00:00.000Z',
    },
  });
  return applyDecorators(Schema({ pattern: TIME_FORM }), validate);
}

/** A future time with its zone, so that it does not depend on the server's. */
export function IsZonedTime(): PropertyDecorator {
  const validate = ValidateBy({
    name: 'isIso8601',
    validator: {
      validate: (value) => typeof value === 'string' && hasZone(value),
      defaultMessage: () => 'must be a time with its zone, such as 2030-01-31T09:30:00.000Z',
    },
  });
  return applyDecorators(Schema({ pattern: ZONED_TIME_FORM }), validate);
}

/** A list that can be narrowed to a span of time. */
export class TimeRangeQuery extends ListQuery {
  /** Only what was created at or after this time, ISO 8601; in UTC when it names no zone. */
  @OptionalNotNull()
  @IsTime()
  since?: string;

  /** Only what was created before this time, ISO 8601; in UTC when it names no zone. */
  @OptionalNotNull()
  @IsTime()
  until?: string;
}

/** The smallest UUID v7 of a time that `IsTime` has let pass. */
export function idAt(time: string): string {
  return uuidFloor(parseTime(time) ?? NaN);
}

/** The range as conditions on a UUID v7 column, which also lets Postgres skip partitions. */
export function timeRange(
  column: string,
  { since, until }: Pick<TimeRangeQuery, 'since' | 'until'>,
): Condition[] {
  return [
    [(parameter) => `${column} >= ${parameter}`, since && idAt(since)],
    [(parameter) => `${column} < ${parameter}`, until && idAt(until)],
  ];
}
