import { certificateOf } from '../../src/dashboard/endpoint-state.js';

const NOW = Date.UTC(2026, 10, 29, 12);
const DAY = 86_400_000;
const seen = (validTo: number) => ({ validTo: new Date(validTo), seenAt: new Date(NOW) });

describe('the warning of a certificate', () => {
  it.each([
    [NOW + 14 * DAY, null],
    [NOW + 14 * DAY - 1, 'in 13 days'],
    [NOW + DAY, 'in one day'],
    [NOW + 1, 'today'],
    [NOW - 1, 'has expired'],
  ])('begins 14 days before its end: %i', (end, words) => {
    const warning = certificateOf(seen(end), NOW)?.warning ?? null;
    if (words === null) expect(warning).toBeNull();
    else expect(warning).toContain(words);
  });

  it('is none where there is no certificate', () => {
    expect(certificateOf(null, NOW)).toBeNull();
  });
});
