/** @jest-environment ./test/support/leak-environment.mjs */
import fc from 'fast-check';
import { Mask, secretsToMask } from '../../src/lib/mask.js';
import { budgetTaken } from '../support/budget.js';

const KIB_64 = 64 * 1024;
/** Of a millisecond for 64 KiB, with some room for what the yardstick does not see. */
const ROOM = 1.5;

/** The slow way to the same: every place of every secret in every reading, marked byte by byte. */
function markedSlowly(text: string, secrets: string[], isCut: boolean): string {
  const hidden = new Array<boolean>(text.length).fill(false);
  let reading = [...text].map((letter, at) => ({ letter, at }));
  for (let depth = 0; depth < 4; depth += 1) {
    const plain = reading.map(({ letter }) => letter).join('');
    const placeOf = (index: number) => reading[index]?.at ?? text.length;
    for (const secret of secrets) {
      const quote = /^"[^]*"$/.test(secret) ? 1 : 0;
      const mark = (start: number, end: number) => {
        for (let at = placeOf(start); at < placeOf(end); at += 1) hidden[at] = true;
      };
      for (let at = plain.indexOf(secret); at !== -1; at = plain.indexOf(secret, at + 1))
        mark(at + quote, at + secret.length - quote);
      for (let left = 1; isCut && left < Math.min(secret.length, plain.length + 1); left += 1)
        if (plain.endsWith(secret.slice(0, left))) mark(plain.length - left + quote, plain.length);
    }
    if (!plain.includes('\\')) break;
    const next: typeof reading = [];
    // Without the flag `i`: only a small u begins a code point.
    const escape = /\\u([0-9a-fA-F]{4})|\\u[0-9a-fA-F]{0,3}$|\\$|\\([^])|[^]/gy;
    for (const found of plain.matchAll(escape)) {
      const [whole, code, letter] = found;
      const at = placeOf(found.index);
      if (code) next.push({ letter: String.fromCharCode(parseInt(code, 16)), at });
      else if (letter) next.push({ letter: 'bfnrt'.includes(letter) ? '\n' : letter, at });
      else if (whole.startsWith('\\')) break;
      else next.push({ letter: whole, at });
    }
    reading = next;
  }
  return [...text].map((letter, at) => (hidden[at] ? '█' : letter)).join('');
}

/** Which characters a masked text has left, in both. */
function leftOf(text: string): string {
  return text.replaceAll(/█+|(?:\*\*\*)+/g, '█');
}

const value = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 8, maxLength: 11 }),
  fc.string({ unit: fc.constantFrom('a', 'b', '"', '\\'), minLength: 8, maxLength: 10 }),
  fc.string({ unit: 'grapheme-ascii', minLength: 8, maxLength: 20 }),
);

/** A text with some of the values in it, spelled in ways of JSON. */
const echoes = fc.array(value, { minLength: 1, maxLength: 4 }).chain((values) =>
  fc
    .array(
      fc.oneof(
        fc.tuple(fc.constantFrom(...values), fc.integer({ min: 0, max: 3 })).map(([text, depth]) => {
          let spelled = text;
          for (let level = 0; level < depth; level += 1) spelled = JSON.stringify(spelled).slice(1, -1);
          return spelled;
        }),
        fc.constantFrom(...values).map((text) => text.replaceAll(/[^]/g, codeOf)),
        fc.string({ unit: fc.constantFrom('a', 'b', '"', '\\', 'u', '0', '6', ' '), maxLength: 6 }),
      ),
      { maxLength: 6 },
    )
    .map((parts) => ({ values, text: parts.join('') })),
);

function codeOf(letter: string): string {
  return `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

describe('masking', () => {
  it('hides whatever the slow way hides, and nothing else, in texts and in bytes', () => {
    const bodySecrets = fc.array(
      fc.string({ unit: fc.constantFrom('a', '"', 'b'), minLength: 1, maxLength: 9 }),
    );
    fc.assert(
      fc.property(echoes, bodySecrets, fc.nat(), ({ values, text }, inBody, cut) => {
        const isCut = cut % 2 === 1;
        const shown = isCut ? text.slice(0, cut % (text.length + 1)) : text;
        const headers = Object.fromEntries(values.map((one, index) => [`h${index}`, one]));
        const secrets = secretsToMask(headers, inBody);
        const mask = Mask.of(secrets);
        const masked = mask?.text(shown, isCut) ?? '';
        expect(leftOf(masked)).toBe(leftOf(markedSlowly(shown, secrets, isCut)));
        expect(mask?.bytes(Buffer.from(shown, 'latin1'), isCut).toString('latin1')).toBe(masked);
      }),
      { numRuns: 3_000 },
    );
  });

  it('takes a backslash before a capital U for no code point, since JSON has none', () => {
    const secret = 'wxyz\\Uaaaa';
    const mask = Mask.of(secretsToMask({ token: secret }, []));
    expect(mask?.text('\\u0077xyz\\\\Uaaaa')).toBe('***');
  });

  it('keeps every other byte of a body, and all of one without secrets as it is', () => {
    const mask = Mask.of(['s3cret-token']);
    const body = Buffer.from([0xff, 0x5c, 0x00, 0xfe]);
    expect(mask?.bytes(body)).toBe(body);
    expect(mask?.bytes(Buffer.concat([body, Buffer.from('s3cret-token'), body]))).toEqual(
      Buffer.concat([body, Buffer.from('***'), body]),
    );
  });

  it('hides all where there is too much to look for', () => {
    const many = Array.from({ length: 2_000 }, (_none, index) => `${index}`.padStart(100, 'x'));
    expect(Mask.of(many)?.text('all is well')).toBe('***');
    expect(Mask.of(many)?.bytes(Buffer.from('all is well')).toString()).toBe('***');
    expect(Mask.of(many)?.text('')).toBe('');
  });
});

const letters = (of: string, counts: number[]) => counts.map((count) => of.repeat(count));
const upTo50 = Array.from({ length: 50 }, (_none, index) => index);
const SECRETS: [string, string[]][] = [
  ['one token', ['Bearer 0123456789abcdefghijklmnopqrstuvwxyz']],
  [
    '50 values of one letter',
    letters(
      'a',
      upTo50.map((index) => 8 + index * 6),
    ),
  ],
  [
    '50 values that differ at their ends',
    upTo50.map((index) => `${'a'.repeat(150)}${String.fromCharCode(48 + index)}`),
  ],
  [
    '50 values that part at once',
    upTo50.map((index) => `Z${String.fromCharCode(48 + index)}${'q'.repeat(140)}`),
  ],
  [
    'values of backslashes',
    letters(
      '\\',
      upTo50.map((index) => 8 + index * 6),
    ),
  ],
  ['values in quotes', upTo50.map((index) => `"${'a'.repeat(8 + index * 6)}"`)],
  ['one long value that nearly comes', [`${'a'.repeat(8_000)}b`]],
];
const TEXTS: [string, string][] = [
  ['one letter', 'a'],
  ['backslashes', '\\'],
  ['code points', '\\u0061'],
  ['code points in JSON in JSON', '\\\\\\\\u0061'],
  ['line ends', '\\n'],
  ['short values', 'aaaaaaaa '],
  ['values in quotes', '"aaaaaaaa"'],
  ['values with escapes between', `${'a'.repeat(30)}\\\\\\\\`],
  ['beginnings of values', 'Z~'],
  ['values cut short', `${'a'.repeat(149)}b`],
];

describe.each(SECRETS)('with %s', (_which, values) => {
  const headers = Object.fromEntries(values.map((one, index) => [`h${index}`, one]));
  const mask = Mask.of(secretsToMask(headers, []));

  it('is made in a millisecond', () => {
    expect(budgetTaken(KIB_64, () => Mask.of(secretsToMask(headers, [])))).toBeLessThan(ROOM);
  });

  it.each(TEXTS)('64 KiB of %s are masked in a millisecond', (_what, piece) => {
    const body = Buffer.from(piece.repeat(KIB_64 / piece.length + 1).slice(0, KIB_64));
    expect(budgetTaken(KIB_64, () => mask?.bytes(body, true))).toBeLessThan(ROOM);
  });

  it.each(TEXTS)('so are they behind one place that is escaped four times over: %s', (_what, piece) => {
    const body = Buffer.from(`${'\\'.repeat(16)}${piece.repeat(KIB_64 / piece.length)}`.slice(0, KIB_64));
    expect(budgetTaken(KIB_64, () => mask?.bytes(body, true))).toBeLessThan(ROOM);
  });
});
