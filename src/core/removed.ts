/** Why something is no longer there. */
export interface Removed {
  reason: 'erased' | 'retention';
  /** After how many days, where retention removed it. */
  afterDays: number | null;
  /** For people. */
  message: string;
}

/** What the column `removed` has where an erasure removed the data. Retention writes the number of its days. */
export const ERASED = 'erased';

/** From the column `removed` of an event or an attempt; null: nothing was removed. */
export function removedOf(column: string | null): Removed | null {
  if (column === null) return null;
  if (column === ERASED) return { reason: 'erased', afterDays: null, message: 'Erased on request.' };
  return {
    reason: 'retention',
    afterDays: Number(column),
    message: `Body removed after ${column} ${column === '1' ? 'day' : 'days'} by the space's retention.`,
  };
}

/** What retention dropped together with the event. */
export const DROPPED: Removed = {
  reason: 'retention',
  afterDays: null,
  message: 'Body removed with its event by retention.',
};
