import fc from 'fast-check';
import { canonicalJson as canonicalBytes, comparableJson } from '../../src/lib/canonical-json.js';

const canonicalJson = (value: unknown) => canonicalBytes(value).toString();

describe('canonical JSON', () => {
  it('is the same whatever the order of keys, at any depth', () => {
    const one = { b: [{ y: 1, x: null }], a: { d: 'é', c: true } };
    const two = { a: { c: true, d: 'é' }, b: [{ x: null, y: 1 }] };
    expect(canonicalJson(one)).toBe('{"a":{"c":true,"d":"é"},"b":[{"x":null,"y":1}]}');
    expect(canonicalJson(two)).toBe(canonicalJson(one));
  });

  it('tells values apart that differ', () => {
    const values = [null, 0, '0', '', [], {}, [1, 2], [2, 1], { a: 1 }, { a: '1' }, { a: null }, false];
    expect(new Set(values.map(canonicalJson)).size).toBe(values.length);
  });

  it('leaves out what JSON leaves out', () => {
    expect(canonicalJson({ b: undefined, a: [undefined] })).toBe('{"a":[null]}');
    expect(canonicalJson(undefined)).toBe('null');
  });

  it('keeps a key called like the prototype', () => {
    expect(canonicalJson(JSON.parse('{"__proto__":1,"a":2}'))).toBe('{"__proto__":1,"a":2}');
  });

  it('is written as JSON writes texts and numbers', () => {
    const texts = [
      '',
      'a',
      '"',
      '\\',
      'é\u2028😀',
      '\ud800',
      '\u0000',
      '~\u007f',
      'x'.repeat(5_000),
      'é'.repeat(33),
    ];
    for (const value of [...texts, 1e21, -0, 0.1, [], {}, [[]], [{}, {}], { é: 1 }])
      expect(canonicalJson(value)).toBe(JSON.stringify(value));
    expect(canonicalJson(texts)).toBe(JSON.stringify(texts));
  });

  it('reads back as the value it came from', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const plain: unknown = JSON.parse(JSON.stringify(value));
        expect(JSON.parse(canonicalJson(plain))).toEqual(plain);
      }),
    );
  });
});

describe('comparing numbers', () => {
  const read = (text: string) => comparableJson(text, JSON.parse(text));
  const isSame = (a: string, b: string) =>
    canonicalJson(read(`{"a":[${a}]}`)) === canonicalJson(read(`{"a":[${b}]}`));

  it.each([
    ['12345678901234567890', '12345678901234567891'],
    ['9007199254740993', '9007199254740992'],
    ['-9007199254740993', '-9007199254740992'],
    ['1e999', '2e999'],
    ['1e999', '-1e999'],
    ['1e-400', '0'],
    ['1.00000000000000001', '1'],
    ['"9007199254740993"', '9007199254740993'],
  ])('%s is not %s', (a, b) => {
    expect(isSame(a, b)).toBe(false);
  });

  it.each([
    ['1.0', '1'],
    ['1e3', '1000'],
    ['0.000', '0'],
    ['-0.0e5', '0'],
    ['0.30000000000000004', '0.30000000000000004'],
    ['12345678901234567890', '12345678901234567890'],
    ['"\\"1e5\\\\"', '"\\u00221e5\\\\"'],
  ])('%s is %s', (a, b) => {
    expect(isSame(a, b)).toBe(true);
  });

  it('is by their values where a double keeps them', () => {
    const text = '{"score":0.30000000000000004,"id":9007199254740991,"far":1e21}';
    expect(read(text)).toEqual(JSON.parse(text));
  });
});
