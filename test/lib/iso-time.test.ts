import { spawnSync } from 'node:child_process';
import { isoTime, parseTime } from '../../src/lib/iso-time.js';

describe('a time', () => {
  it.each([
    ['2026-01-31T09:00:00.000Z', '2026-01-31T09:00:00.000Z'],
    ['2026-01-31T09:00Z', '2026-01-31T09:00:00.000Z'],
    ['2026-01-31T09:00:00.123456789+01:30', '2026-01-31T07:30:00.123Z'],
    ['2026-01-31t09:00:00z', '2026-01-31T09:00:00.000Z'],
    ['2026-01-31t09:00:00.5-00:00', '2026-01-31T09:00:00.500Z'],
    [`2026-01-31T09:00:00.${'9'.repeat(40)}Z`, '2026-01-31T09:00:00.999Z'],
    ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00.000Z'],
    ['2015-06-30t23:59:60.25z', '2015-07-01T00:00:00.250Z'],
    ['1998-12-31T15:59:60.123-08:00', '1999-01-01T00:00:00.123Z'],
    ['1990-12-31T15:59:60-08:00', '1991-01-01T00:00:00.000Z'],
    ['2017-01-01T05:29:60+05:30', '2017-01-01T00:00:00.000Z'],
    ['2026-01-31T24:00:00Z', '2026-02-01T00:00:00.000Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
    ['2026-11', '2026-11-01T00:00:00.000Z'],
    ['2026', '2026-01-01T00:00:00.000Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
  ])('%s is %s', (text, moment) => {
    expect(new Date(parseTime(text) ?? NaN).toISOString()).toBe(moment);
  });

  it('is in UTC when it names no zone, wherever the server stands', () => {
    const script = `
      import { parseTime } from './src/lib/iso-time.ts';
      const text = '2026-01-31T09:00:00';
      console.log(new Date(text).toISOString(), new Date(parseTime(text)).toISOString());`;
    const { stdout } = spawnSync(
      process.execPath,
      ['--import', './test/support/typescript.mjs', '--input-type=module', '--eval', script],
      { encoding: 'utf8', env: { ...process.env, TZ: 'America/New_York' } },
    );
    expect(stdout).toBe('2026-01-31T14:00:00.000Z 2026-01-31T09:00:00.000Z\n');
  });

  it.each([
    '2026-02-30T00:00:00Z',
    '2026-02-30',
    '2025-02-29T10:00:00Z',
    '2026-06-31T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-13',
    '2026-01-31T25:00:00Z',
    '2026-01-31T09:00:00+25:00',
    '2026-01-31T09Z',
    '2026-01T09:00Z',
    '2026-01-31Z',
    '2026-W05',
    '-000001-01-01T00:00:00Z',
    '+010000-01-01T00:00:00Z',
    '0000-01-01T00:00:00Z',
    '0001-01-01T00:00:00+10:00',
    '9999-12-31T23:59:59-05:00',
    'tomorrow',
    '1998-12-31T23:59:61Z',
    '1998-12-31T23:58:60Z',
    '1998-12-31T22:59:60Z',
    '1998-12-30T23:59:60Z',
    '1998-12-31T23:59:60-08:00',
    '9999-12-31T23:59:60Z',
    '2026-01-31T09:60:00Z',
    '2026-01-31T24:00:01Z',
    '2026-01-31T09:00:00+01:60',
    '2026-01-31T09:00:00.Z',
    '2026-01-31 09:00:00Z',
    '2026-01-31T09:00:00Z\n',
    '',
  ])('is not what "%s" says', (text) => {
    expect(parseTime(text)).toBeNull();
  });
});

describe('the text of a time', () => {
  it('is what toISOString gives, within a second and from one to another, before 1970 and after 9999', () => {
    const base = Date.UTC(2026, 10, 22, 23, 59, 59);
    const times = [0, 1, 10, 999, 1_000, 1_001, 0, -1].map((ms) => base + ms);
    for (const ms of [...times, 0, -1, -1_000, -62_198_755_200_001, 253_402_300_800_007])
      expect(isoTime(new Date(ms))).toBe(new Date(ms).toISOString());
  });

  it('is none for no time, which harms no later one', () => {
    const time = new Date(1_700_000_000_123);
    isoTime(time);
    expect(() => isoTime(new Date(NaN))).toThrow(RangeError);
    expect(isoTime(time)).toBe(time.toISOString());
  });
});
