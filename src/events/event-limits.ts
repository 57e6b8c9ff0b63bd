/** How long an event may be worth something: a year. */
export const MAX_TTL_SECONDS = 31_536_000;

/** How far ahead an event may be delivered, milliseconds: a year. */
export const MAX_AHEAD_MS = 31_536_000_000;
