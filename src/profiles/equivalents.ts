/** How a value is written in the two dialects. Each has a way back. */
export type Conversion =
  | 'same'
  /** Digits as a number; anything else stays. */
  | 'number'
  /** A number that counts from 1 as one that counts from 0. */
  | 'fromZero'
  /** An ISO time without milliseconds. */
  | 'seconds'
  /** One value as a list of one. */
  | 'list'
  /** A word in capitals; in small letters in native. */
  | 'capitals';

/** One fact in native words and in a profile's. Paths use dots. */
export interface FieldPair {
  /**
   * Where it stands in native data; the first that is there counts, the first of all is where it goes on the way back.
   * `@id`, `@occurredAt`, `@scope.campaignId` and the like name facts of the event itself.
   */
  native: string | readonly string[];
  /** The values at all of these paths, with a blank between them; the way back cuts at the first blank. */
  joined?: boolean;
  /** Where it stands in the profile's data. */
  theirs: string;
  as?: Conversion;
  /** What stands there when the event does not tell; without it the field is left out. */
  otherwise?: unknown;
}

/** One event of the common core in native words and in a profile's. */
export interface Equivalent {
  native: string;
  theirs: string;
  /** Holds only for native data with one of these values there, and puts the first there on the way back. */
  when?: { path: string; is: readonly unknown[] };
  /** Holds only for native data that has something there, and not null. */
  needs?: string;
  fields: readonly FieldPair[];
  /** Whether the data is the same on both sides; `fields` is empty then. */
  sameData?: boolean;
}
