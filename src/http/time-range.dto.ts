import { IsISO8601 } from 'class-validator';
import { uuidFloor } from '../core/ids.js';
import type { Condition } from '../database/list-statement.js';
import { ListQuery } from './list.dto.js';
import { MayBeAbsent } from './may-be-absent.js';

/** A list that can be narrowed to a span of time. */
export class TimeRangeQuery extends ListQuery {
  /** Only what was created at or after this time, ISO 8601. */
  @MayBeAbsent()
  @IsISO8601({ strict: true })
  since?: string;

  /** Only what was created before this time, ISO 8601. */
  @MayBeAbsent()
  @IsISO8601({ strict: true })
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
