import type { Sql } from '../database/sql.js';

/** Deletes what a room stores of a space in tables without a foreign key to it. */
export type DeleteSpaceData = (sql: Sql, spaceId: string) => Promise<void>;

/** The provider of all of them, in the order of locks: `app/storage.ts` lists them. */
export const SPACE_DATA = Symbol('space data');
