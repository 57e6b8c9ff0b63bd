/** Pending, and found by everybody: it has a time from which it is due. A condition in SQL. */
export const WAITING = `status = 'pending' AND next_attempt_at IS NOT NULL`;

/**
 * Pending, and in the hands of the process that wrote it: written with a lease for its own worker and with no time of a next
 * attempt, it is in no index of what is to be done. Nearly all of it has succeeded a moment later, and was never put into
 * these indexes nor taken out of them. See `deliveries/leased-in-process.ts` for what becomes of the rest. A condition in SQL; who asks
 * for what is pending asks for both, apart, since an OR uses no index.
 */
export const LEASED_IN_PROCESS = `status = 'pending' AND next_attempt_at IS NULL
  AND id >= (SELECT booked_until FROM posthorn.in_hand)`;
