import { isISO8601, ValidateBy } from 'class-validator';
import { uuidFloor } from '../core/ids.js';
import type { Condition } from '../database/list-statement.js';
import { ListQuery } from './list.dto.js';
import { MayBeAbsent } from './may-be-absent.js';

/** An ISO 8601 time that means a moment to us: the standard's weeks, short forms and hours alone do not. */
export function IsTime(): PropertyDecorator {
  return ValidateBy({
    name: 'isIso8601',
    validator: {
      validate: (value) => isISO8601(value, { strict: true }) && !Number.isNaN(Date.parse(String(value))),
      defaultMessage: () => 'must be an ISO 8601 time, such as 2026-01-31T09:00:00.000Z',
    },
  });
}

/** A list that can be narrowed to a span of time. */
export class TimeRangeQuery extends ListQuery {
  /** Only what was created at or after this time, ISO 8601. */
  @MayBeAbsent()
  @IsTime()
  since?: string;

  /** Only what was created before this time, ISO 8601. */
  @MayBeAbsent()
  @IsTime()
  until?: string;
}

/** The span as conditions on a UUID v7 column: they also tell Postgres which partitions to skip. */
export function timeRange(column: string, { since, until }: TimeRangeQuery): Condition[] {
  return [
    [
      (parameter) => `${column} >= ${parameter}`,
      since === undefined ? undefined : uuidFloor(Date.parse(since)),
    ],
    [
      (parameter) => `${column} < ${parameter}`,
      until === undefined ? undefined : uuidFloor(Date.parse(until)),
    ],
  ];
}
