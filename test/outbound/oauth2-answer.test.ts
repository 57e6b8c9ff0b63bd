import { readToken } from '../../src/outbound/oauth2-answer.js';
import type { AttemptOutcome } from '../../src/outbound/attempt-outcome.js';

const lifetimeOf = (expires_in: unknown) =>
  readToken({
    statusCode: 200,
    responseBody: Buffer.from(JSON.stringify({ access_token: 'abc', expires_in })),
    truncated: false,
  } as AttemptOutcome).lifetimeMs;

it.each([
  ['what the server says', 3600, 3_600_000],
  ['what it says as text', '60', 60_000],
  ['five minutes where it says nothing', undefined, 300_000],
  ['five minutes where it says nonsense', 'never', 300_000],
  ['five minutes where it names a time in the past', -5, 300_000],
  ['a day at the most', 1e15, 86_400_000],
])('a token is used for %s', (_, told, ms) => {
  expect(lifetimeOf(told)).toBe(ms);
});
