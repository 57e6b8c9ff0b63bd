import fc from 'fast-check';
import { canonicalJson } from '../../src/core/canonical-json.js';

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

  it('reads back as the value it came from', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const plain: unknown = JSON.parse(JSON.stringify(value));
        expect(JSON.parse(canonicalJson(plain))).toEqual(plain);
      }),
    );
  });
});
