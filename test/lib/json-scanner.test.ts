import fc from 'fast-check';
import { memberTextOfEach, memberTexts, duplicateKeys, jsonShapeOf } from '../../src/lib/json-scanner.js';

/** JSON text with blanks in every place that allows them. */
const jsonText = fc
  .tuple(fc.jsonValue(), fc.constantFrom(undefined, 1, '\t', ' \n'))
  .map(([value, indent]) => JSON.stringify(value, null, indent));
const key = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('"', '\\', '}', '__proto__', ''),
);
const blank = fc.constantFrom('', ' ', '\n', '\r\n\t ');

describe('the slices of an object', () => {
  it('keep the bytes of every member: numbers, order of keys and blanks inside', () => {
    const text =
      ' { "a" : 1.0 ,"b":12345678901234567890,"c":{"z": 1, "a":[ ] }, "d":"\\u00e9\\"}", "e":null}';
    expect([...memberTexts(text)]).toEqual([
      ['a', '1.0'],
      ['b', '12345678901234567890'],
      ['c', '{"z": 1, "a":[ ] }'],
      ['d', '"\\u00e9\\"}"'],
      ['e', 'null'],
    ]);
  });

  it('hold the last value of a repeated key, however it is written', () => {
    expect([...memberTexts('{"a":1,"b":2,"\\u0061":3,"a":4}')]).toEqual([
      ['a', '4'],
      ['b', '2'],
    ]);
  });

  it('read the same as the object itself, for any object', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(key, jsonText, blank)), blank, (entries, end) => {
        const text = `${end}{${entries
          .map(([name, value, gap]) => `${gap}${JSON.stringify(name)}${gap}:${gap}${value}${gap}`)
          .join(',')}${end}}${end}`;
        const members = memberTexts(text);
        const parsed = new Map(Object.entries(JSON.parse(text) as Record<string, unknown>));
        expect(new Set(members.keys())).toEqual(new Set(parsed.keys()));
        for (const [name, slice] of members) {
          expect(JSON.parse(slice)).toEqual(parsed.get(name));
          expect(slice).toBe(slice.trim());
        }
      }),
    );
  });

  it('are refused for anything else', () => {
    for (const text of ['[]', '1', '"{}"', 'null']) expect(() => memberTexts(text)).toThrow('no object');
  });
});

describe('the keys of a text', () => {
  it('are as many as those of its value when none is repeated', () => {
    fc.assert(
      fc.property(jsonText, (text) => {
        let keys = 0;
        JSON.parse(text, (key, value: unknown) => {
          if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
            keys += Object.keys(value).length;
          }
          return value;
        });
        expect(jsonShapeOf(text).keys).toBe(keys);
        expect(duplicateKeys(text, 20)).toEqual([]);
      }),
    );
  });

  it('are named by their places when they are repeated, however they are written', () => {
    expect(duplicateKeys('{"a":1,"b":[{"c":":"},[0,{"d":1,"e":{},"\\u0064" :2}]],"a":":"}', 20)).toEqual([
      'b[1][1].d',
      'a',
    ]);
    expect(duplicateKeys('[{"a":1},{"a":{"b":1,"b":2,"b":3}},{"a":1,"a":1}]', 1)).toEqual(['[1].a.b']);
    expect(jsonShapeOf('{"a:b":":","a":{"\\"":[{"":1}]},"a":2}')).toEqual({
      depth: 4,
      keys: 5,
      widest: 3,
      parts: 6,
    });
    const limits = { depth: 9, keys: 9, widest: 9, parts: 3 };
    expect(jsonShapeOf('[1,2,[3,[4]],5]', limits)).toEqual({ depth: 2, keys: 0, widest: 0, parts: 4 });
  });
});

describe('the slices of one member of each element', () => {
  it('are the bytes of it', () => {
    const text =
      '[ {"a": 1.50 ,"b":{"a":2}}, [{"a":1}],{"b":"]"},"x,y" , true,{"\\u0061":"}"},{"a":1,"a":3}]';
    expect(memberTextOfEach(text, 'a')).toEqual([
      '1.50',
      undefined,
      undefined,
      undefined,
      undefined,
      '"}"',
      '3',
    ]);
    expect(memberTextOfEach('[ ]', 'a')).toEqual([]);
  });

  it('read the same as the array itself, for any array', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(jsonText, blank, fc.boolean())), blank, (elements, end) => {
        const inside = elements.map(([value, gap, wrapped]) =>
          wrapped ? `${gap}{${gap}"k"${gap}:${gap}${value}${gap}}${gap}` : `${gap}${value}${gap}`,
        );
        const text = `[${end}${inside.join(',')}${end}]`;
        const found = memberTextOfEach(text, 'k').map((slice) => slice && (JSON.parse(slice) as unknown));
        const parsed = JSON.parse(text) as unknown[];
        expect(found).toEqual(parsed.map((element) => (isObject(element) ? element.k : undefined)));
      }),
    );
  });

  it('are refused for anything else', () => {
    for (const text of ['{}', '1', '"[]"']) expect(() => memberTextOfEach(text, 'a')).toThrow('no array');
  });
});

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

it('slicing takes time in proportion to the text, also for backslashes and deep nesting', () => {
  const size = 1_000_000;
  const texts = [
    `{"a":${JSON.stringify('\\"'.repeat(size))}}`,
    `{"a":${'['.repeat(size)}${']'.repeat(size)}}`,
    `{"a":${' '.repeat(size)}1${' '.repeat(size)}}`,
  ];
  const startedAt = performance.now();
  for (const text of texts) expect(memberTexts(text).size).toBe(1);
  expect(performance.now() - startedAt).toBeLessThan(2_000);
});
