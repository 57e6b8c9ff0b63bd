import fc from 'fast-check';

/** JSON text as it goes over the wire, which may say what no value can: a key twice, 1e400, half a surrogate pair. */
export class JsonText {
  /** `shown` stands for the text in a counterexample, where a megabyte would hide the rest. */
  constructor(
    readonly text: string,
    readonly shown = text,
  ) {}

  toString(): string {
    return this.shown;
  }

  [fc.toStringMethod](): string {
    return this.shown;
  }
}

const HOSTILE = [
  ...['null', 'true', '0', '-0', '-1', '1e400', '-1e400', '1e308', '5e-324', '0.1', '9007199254740993'],
  ...['""', '" "', '"*"', '"\\u0000"', '"a\\u0000b"', '"\\ud800"', '"\\udc00\\ud800"', '"\\u202e"', '"😀"'],
  ...['"__proto__"', '"constructor"', '"%00"', '"\\r\\nx: y"', '"\' OR 1=1 --"', '"${7*7}"', '"../../etc"'],
  ...['"0000-01-01T00:00:00Z"', '"9999-12-31T23:59:60Z"', '"+275760-09-13T00:00:00.001Z"', '"2020-W05"'],
  ...[
    '[]',
    '[null]',
    '[[]]',
    '[1e400]',
    '["\\u0000"]',
    '[{"a":1,"a":2}]',
    '{}',
    '{"":null}',
    '{"a":1,"a":2}',
  ],
  ...['{"__proto__":1}', '{"constructor":1}', '{"constructor":{"prototype":1}}', '{"a":{"__proto__":{}}}'],
  ...['{"toString":1}', '{"hasOwnProperty":1}', '{"length":-1}', '{"then":1}', '{"toJSON":1}'],
  ...['{"$ref":"#"}', '{"$id":"\\u0000"}', '{"pattern":"(a+)+$"}', '{"type":"\\ud800"}', '{"maximum":1e400}'],
  ...['{"a":{"gt":1e400}}', '{"a":{"in":[1e400]}}', '{"a":{"not":-1e400}}', '{"a.b":"\\ud800"}'],
];

const HUGE = [
  new JsonText(`"${'x'.repeat(300)}"`, '<300 x>'),
  new JsonText(`"${'x'.repeat(1024 * 1024)}"`, '<1 MB string>'),
  new JsonText(`"${'\\ud800'.repeat(50_000)}"`, '<50,000 halves>'),
  new JsonText(`${'['.repeat(60)}${']'.repeat(60)}`, '<depth 60>'),
  new JsonText(`${'['.repeat(10_000)}${']'.repeat(10_000)}`, '<array depth 10,000>'),
  new JsonText(`${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`, '<object depth 10,000>'),
  new JsonText(`[${'0,'.repeat(100_000)}0]`, '<array of 100,001>'),
  new JsonText(
    `{${Array.from({ length: 20_000 }, (_, index) => `"k${index}":0`).join()}}`,
    '<object of 20,000>',
  ),
];

/** Any value somewhere between plain and poisonous. */
export const anyValue: fc.Arbitrary<JsonText> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...HOSTILE).map((text) => new JsonText(text)) },
  { weight: 1, arbitrary: fc.constantFrom(...HUGE) },
  {
    weight: 2,
    arbitrary: fc.jsonValue({ maxDepth: 3 }).map((value) => new JsonText(JSON.stringify(value))),
  },
  {
    weight: 1,
    arbitrary: fc.string({ unit: 'binary', maxLength: 20 }).map((s) => new JsonText(JSON.stringify(s))),
  },
);

/** What may stand in a path, a query or a header, percent-encoded and not. */
export const anyText = fc.oneof(
  fc.constantFrom(
    ...['%00', 'a%00b', '%ED%A0%80', '%C3%28', '%', '%zz', '..', '..%2f..', '%2e%2e', '%2F', '.', "'", '%22'],
    ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', '%E2%80%AE', '%F0%9F%98%80', '%EF%BF%BF'],
    ...['0', '-1', '1e400', '1.5', '0x10', '99999999999999999999', 'NaN', '2147483648', 'null', 'true', '[]'],
    ...['2020-W05', '20200101', '2020-02-30', '0000-01-01', '9999-12-31T23:59:60Z', '2020-01-01T24', '*'],
    ...[`sub_${'0'.repeat(32)}`, `dlv_${'f'.repeat(32)}`, `evt_${'0'.repeat(31)}`, 'x'.repeat(300), 'a,b'],
  ),
  fc.string({ unit: 'grapheme', maxLength: 12 }).map(encodeURIComponent),
  fc.webQueryParameters().map(encodeURIComponent),
);

/** An object with these members, in this order; a name may come more than once. */
export function objectText(members: (readonly [string, JsonText])[]): JsonText {
  const written = (show: (value: JsonText) => string) =>
    `{${members.map(([name, value]) => `${JSON.stringify(name)}:${show(value)}`).join()}}`;
  return new JsonText(
    written((value) => value.text),
    written((value) => value.shown),
  );
}

export function listText(items: JsonText[]): JsonText {
  return new JsonText(
    `[${items.map(({ text }) => text).join()}]`,
    `[${items.map(({ shown }) => shown).join()}]`,
  );
}
