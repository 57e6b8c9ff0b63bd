const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Milliseconds, or a text such as `30s`, `5m`, `7h`, `1h30m` or `2d`. */
export type Duration = number | string;

/** @throws {TypeError} for a text of another form, and for what lies in the past */
export function milliseconds(duration: Duration): number {
  if (typeof duration === 'number') {
    if (Number.isFinite(duration) && duration >= 0) return duration;
    throw new TypeError(`A clock moves forward by a number of milliseconds, not by ${duration}.`);
  }
  if (!/^(?:\d+(?:ms|[smhd]))+$/.test(duration)) {
    throw new TypeError(`"${duration}" is no duration. Write 500ms, 30s, 5m, 7h, 2d or 1h30m.`);
  }
  return [...duration.matchAll(/(\d+)(ms|[smhd])/g)]
    .map(([, amount, unit]) => Number(amount) * UNITS[unit as keyof typeof UNITS])
    .reduce((sum, part) => sum + part, 0);
}
