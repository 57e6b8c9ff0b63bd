import { retryAfterMs } from '../../src/lib/retry-after.js';

const NOW = Date.UTC(1994, 10, 6, 8, 49, 7);

describe('a Retry-After header', () => {
  it.each([
    ['0', 0],
    ['120', 120_000],
    [' 7 ', 7_000],
    ['86400', 86_400_000],
    ['86401', 86_400_000],
    ['9'.repeat(400), 86_400_000],
    ['Sun, 06 Nov 1994 08:49:37 GMT', 30_000],
    ['Sunday, 06-Nov-94 08:49:37 GMT', 30_000],
    ['Sun Nov  6 08:49:37 1994', 30_000],
    ['Sun, 06 Nov 1994 08:49:07 GMT', 0],
    ['Sun, 13 Nov 1994 08:49:07 GMT', 86_400_000],
  ])('of %j asks for %i ms', (header, expected) => {
    expect(retryAfterMs(header, NOW)).toBe(expected);
  });

  it.each([
    '',
    '-5',
    '+5',
    '1.5',
    '1e3',
    '0x10',
    'soon',
    'Sun, 06 Nov 1994 08:49:06 GMT',
    'Sun, 06 Nov 1994 08:49:37 +0100',
    '1994-11-06T08:49:37Z',
    'Sun, 99 Nov 1994 08:49:37 GMT',
  ])('of %j asks for nothing', (header) => {
    expect(retryAfterMs(header, NOW)).toBeNull();
  });

  it('that is absent asks for nothing', () => {
    expect(retryAfterMs(undefined, NOW)).toBeNull();
  });
});
