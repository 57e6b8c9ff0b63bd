import fc from 'fast-check';
import { elementSlices, memberSlices } from '../../src/core/json-text.js';

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
    expect([...memberSlices(text).members]).toEqual([
      ['a', '1.0'],
      ['b', '12345678901234567890'],
      ['c', '{"z": 1, "a":[ ] }'],
      ['d', '"\\u00e9\\"}"'],
      ['e', 'null'],
    ]);
  });

  it('tell repeated keys, however they are written, and keep the last value', () => {
    const { members, duplicates } = memberSlices('{"a":1,"b":2,"\\u0061":3,"a":4}');
    expect([...members]).toEqual([
      ['a', '4'],
      ['b', '2'],
    ]);
    expect(duplicates).toEqual(['a']);
  });

  it('read the same as the object itself, for any object', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(key, jsonText, blank)), blank, (entries, end) => {
        const text = `${end}{${entries
          .map(([name, value, gap]) => `${gap}${JSON.stringify(name)}${gap}:${gap}${value}${gap}`)
          .join(',')}${end}}${end}`;
        const { members } = memberSlices(text);
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
    for (const text of ['[]', '1', '"{}"', 'null']) expect(() => memberSlices(text)).toThrow('no object');
  });
});

describe('the slices of an array', () => {
  it('are the bytes of its elements', () => {
    expect(elementSlices(' [ 1.50 , [2,[3]], {"a":"]"},"x,y" , true]')).toEqual([
      '1.50',
      '[2,[3]]',
      '{"a":"]"}',
      '"x,y"',
      'true',
    ]);
    expect(elementSlices('[ ]')).toEqual([]);
  });

  it('read the same as the array itself, for any array', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(jsonText, blank)), blank, (elements, end) => {
        const text = `[${end}${elements.map(([value, gap]) => `${gap}${value}${gap}`).join(',')}${end}]`;
        expect(elementSlices(text).map((slice): unknown => JSON.parse(slice))).toEqual(JSON.parse(text));
      }),
    );
  });

  it('are refused for anything else', () => {
    for (const text of ['{}', '1', '"[]"']) expect(() => elementSlices(text)).toThrow('no array');
  });
});

it('slicing takes time in proportion to the text, also for backslashes and deep nesting', () => {
  const size = 1_000_000;
  const texts = [
    `{"a":${JSON.stringify('\\"'.repeat(size))}}`,
    `{"a":${'['.repeat(size)}${']'.repeat(size)}}`,
    `{"a":${' '.repeat(size)}1${' '.repeat(size)}}`,
  ];
  const startedAt = performance.now();
  for (const text of texts) expect(memberSlices(text).members.size).toBe(1);
  expect(performance.now() - startedAt).toBeLessThan(2_000);
});
