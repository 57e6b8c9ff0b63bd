import type { Database } from '../database/database.js';
import type { Sql } from '../database/sql.js';

/** Deletes what a room stores of a space in tables without a foreign key to it. */
export type DeleteSpaceData = (sql: Sql, spaceId: string) => Promise<void>;

/** How what is stored of a space goes. */
export interface SpaceData {
  /** Removes most of it before the transaction that deletes the space, in small ones. `now`: epoch milliseconds. */
  removeMost: (database: Database, spaceId: string, now: number) => Promise<void>;
  /** What that transaction does, in the order of locks. */
  rest: DeleteSpaceData[];
}

/** The provider of `SpaceData`: `app/storage.ts` has it. */
export const SPACE_DATA = Symbol('space data');
