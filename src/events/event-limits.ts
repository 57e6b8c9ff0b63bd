/** How long an event may be worth something: a year. */
export const MAX_TTL_SECONDS = 31_536_000;
