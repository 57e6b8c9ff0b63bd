import { ResponseParser } from '../../src/outbound/response-parser.js';
import { canonicalJson, comparableJson } from '../../src/lib/canonical-json.js';
import { checkEndpointUrl } from '../../src/core/endpoint-url.js';
import { compilePatterns, parsePatterns } from '../../src/core/event-pattern.js';
import { exactData } from '../../src/lib/exact-number.js';
import { compileFilter, matchFilter } from '../../src/core/filter.js';
import { checkHeaders } from '../../src/core/header-rules.js';
import { hasZone, parseTime } from '../../src/lib/iso-time.js';
import { parseStrictly } from '../../src/http/json-body.js';
import { memberTexts, jsonShapeOf } from '../../src/lib/json-scanner.js';
import { retryAfterMs } from '../../src/lib/retry-after.js';
import { budgetTaken } from '../support/budget.js';

const KIB = 1_024;
const KIB_256 = 256 * KIB;
const list = (piece: string) => `{"a":[${piece.repeat(KIB_256 / piece.length - 4)}1]}`;
const text = (piece: string) => `{"a":"${piece.repeat(KIB_256 / piece.length - 4)}"}`;

/** Of a millisecond for 64 KiB: what is worst for one part is far from it for most. */
const ROOM = 1.5;
/** For what looks at each character: linear has this much room, and all else takes a hundred times as long. */
const LINEAR = 10;
const ROUNDS = 8;

function refusalOf(json: string): unknown {
  try {
    parseStrictly(json);
  } catch (error) {
    return error;
  }
  return null;
}

describe("an answer's head that is made to take long", () => {
  const listener = {
    onInterim: () => undefined,
    onStatus: () => undefined,
    onHead: () => undefined,
    onBody: () => undefined,
    onEnd: () => undefined,
  };
  const read = (bytes: Buffer) => {
    const reader = new ResponseParser();
    reader.expect(listener);
    try {
      reader.push(bytes);
    } catch {
      // Most are none, and it takes what it takes to see that.
    }
  };

  it.each([
    ['many headers', 'a:\r\n'.repeat(7_000)],
    ['a long header', `a: ${'b'.repeat(30_000)}\r\n`],
    ['blanks', `a:${' '.repeat(30_000)}x\r\n`],
    ['a list of codings', `transfer-encoding: ${',  '.repeat(8_000)}chunked\r\n`],
    ['hints of how long', `keep-alive: ${'timeout '.repeat(3_500)}=\r\n`],
    ['a hint with blanks', `keep-alive: timeout${' '.repeat(30_000)}\r\n`],
    ['a list of lengths', `content-length: ${'1,'.repeat(10_000)}\r\n`],
    ['small chunks', `transfer-encoding: chunked\r\n\r\n${'1\r\nx\r\n'.repeat(10_000)}`],
    [
      'long extensions of chunks',
      `transfer-encoding: chunked\r\n\r\n${`1;${'a'.repeat(900)}\r\nx\r\n`.repeat(60)}`,
    ],
  ])('is read in time: %s', (_what, lines) => {
    const bytes = Buffer.from(`HTTP/1.1 200 OK\r\n${lines}\r\n`, 'latin1');
    expect(budgetTaken(64 * KIB, () => read(bytes))).toBeLessThan(3);
  });

  it.each(['9'.repeat(30_000), `A${'day'.repeat(10_000)}`, `${' '.repeat(30_000)}x`, 'Mon, '.repeat(6_000)])(
    'is understood in time: Retry-After: %.10s…',
    (value) => {
      expect(budgetTaken(0, () => retryAfterMs(value, 0))).toBeLessThan(ROOM);
    },
  );
});

describe('data that is made to take long', () => {
  it.each([
    ['numbers', list('1,')],
    ['exponents', list('1e2,')],
    ['long numbers', list('9007199254740993,')],
    ['empty objects', list('{},')],
    ['empty texts', list('"",')],
    ['depth', list(`${'['.repeat(60)}${']'.repeat(60)},`)],
    ['escapes', text('\\n')],
    ['backslashes', text('\\\\')],
    ['code points', text('\\u0061')],
    ['blanks', `{"a":${' '.repeat(KIB_256 - 10)}1}`],
    ['one number', `{"a":${'7'.repeat(KIB_256 - 10)}}`],
    [
      'long keys',
      `{${Array.from({ length: 250 }, (_none, index) => `"${'k'.repeat(1_000)}${index}":1`).join()}}`,
    ],
  ])('is looked through in time: %s', (_what, json) => {
    const data: unknown = JSON.parse(json);
    const parsing = budgetTaken(json.length, () => JSON.parse(json) as unknown, ROUNDS);
    expect(budgetTaken(json.length, () => jsonShapeOf(json), ROUNDS)).toBeLessThan(LINEAR);
    expect(budgetTaken(json.length, () => memberTexts(json), ROUNDS)).toBeLessThan(LINEAR);
    // It took 8 for brackets when it put texts together.
    expect(budgetTaken(json.length, () => canonicalJson(data), ROUNDS)).toBeLessThan(5);
    // Only for events with ids, and where a filter looks into data: some times what JSON.parse takes for the same.
    const more = 2 * LINEAR + 6 * parsing;
    expect(budgetTaken(json.length, () => canonicalJson(comparableJson(json, data)), ROUNDS)).toBeLessThan(
      more,
    );
    expect(budgetTaken(json.length, () => exactData(json, data), ROUNDS)).toBeLessThan(more);
  });

  it.each(['1,', '{},', '"",', '"k":'])('is refused in milliseconds when it is too much: %s', (piece) => {
    const json = `{"a":[${piece.repeat(4_400_000 / piece.length)}1]}`;
    // Numbers took 80.
    expect(budgetTaken(0, () => refusalOf(json), 3)).toBeLessThan(15);
    expect(refusalOf(json)).toMatchObject({ issues: [{ code: expect.stringMatching(/^too_many_/) }] });
  });

  it('passes a thousand filters of 32 conditions in a few milliseconds', () => {
    const wide = Object.fromEntries(Array.from({ length: 16_000 }, (_none, index) => [`k${index}`, index]));
    const filters = Array.from({ length: 1_000 }, (_none, from) =>
      compileFilter(
        Object.fromEntries(
          Array.from({ length: 32 }, (_one, index) => [`k${(from * 16 + index) % 16_000}`, { gte: 0 }]),
        ),
      ),
    );
    expect(
      budgetTaken(KIB_256, () => filters.map((filter) => matchFilter(filter, wide)), ROUNDS),
    ).toBeLessThan(4);
  });

  it('passes a thousand subscriptions of 100 patterns in a millisecond', () => {
    const patterns = Array.from({ length: 100 }, (_none, index) => `${'a'.repeat(200)}${index}.*`);
    const compiled = Array.from({ length: 1_000 }, () => compilePatterns(patterns));
    const type = 'a'.repeat(128);
    expect(budgetTaken(KIB_256, () => compiled.map((matches) => matches(type)), ROUNDS)).toBeLessThan(ROOM);
  });
});

describe('what a caller says', () => {
  it.each([62, 120])(
    'is refused in time: a hundred event types of no name, among a thousand of %i',
    (letters) => {
      const wrong = Array.from({ length: 100 }, (_none, index) => `${'x'.repeat(letters)}${index}`);
      const known = Array.from({ length: 1_000 }, (_none, index) => `${'y'.repeat(letters)}${index}`);
      // It took minutes.
      expect(budgetTaken(0, () => parsePatterns(wrong, known), 3)).toBeLessThan(30);
    },
  );

  it.each<[string, () => unknown]>([
    ['stars', () => parsePatterns(['*.'.repeat(128)], ['a.b'])],
    [
      'headers',
      () =>
        checkHeaders(
          Object.fromEntries(
            Array.from({ length: 50 }, (_none, index) => [`h${index}`, `${' '.repeat(150)}x`]),
          ),
        ),
    ],
    [
      'a URL',
      () => checkEndpointUrl(`https://${'a.'.repeat(1_000)}/`, { allowHttp: true, allowTargets: [] }),
    ],
    ['a time', () => parseTime(`2026-01-31T09:00:00.${'9'.repeat(64 * KIB)}Z`)],
    ['no time', () => hasZone(`2026-01-31T09:00:00.${'9'.repeat(64 * KIB)}x`)],
  ])('is checked in time: %s', (_what, check) => {
    expect(budgetTaken(64 * KIB, check)).toBeLessThan(ROOM);
  });
});
