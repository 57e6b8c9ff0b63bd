import fc from 'fast-check';
import {
  compareNumbers,
  ExactNumber,
  exactData,
  parseExactly,
  stringifyExactly,
} from '../../src/lib/exact-number.js';
import { budgetTaken } from '../support/budget.js';

const read = (text: string) => parseExactly(text) as number | ExactNumber;
const KIB_256 = 256 * 1024;

describe('a number of a JSON text', () => {
  it.each([
    '9007199254740993',
    '1497549923779084388',
    '0.10000000000000000001',
    '1e400',
    '1e-400',
    '1e999999999',
    '-1.00000000000000000001',
  ])('that a double does not keep stays as it was written: %s', (text) => {
    const value = parseExactly(`{"a":[${text},"${text}"],"b":${text}}`);
    expect(value).toEqual({ a: [new ExactNumber(text), text], b: new ExactNumber(text) });
    expect(stringifyExactly(value)).toBe(`{"a":[${text},"${text}"],"b":${text}}`);
  });

  it.each([
    '0',
    '-0',
    '5',
    '0.1',
    '1e2',
    '100.0',
    '9007199254740992',
    '9007199254740992.0',
    '0.30000000000000004',
    '1e308',
    '0e999999999',
    '5e-324',
    '0.000',
  ])('that a double keeps is that double: %s', (text) => {
    expect(read(text)).toBe(JSON.parse(text));
  });

  it('leaves data as it is where none needs to be kept', () => {
    const text = '{"id":"0e1-1234567890123456789","a":[1.5,2e3,"1e400"]}';
    const data: unknown = JSON.parse(text);
    expect(exactData(text, data)).toBe(data);
  });

  it.each([
    ['9007199254740993', '>', '9007199254740992'],
    ['9007199254740993', '<', '9007199254740994'],
    ['1497549923779084388', '>', '1497549923779084387'],
    ['0.1', '<', '0.10000000000000000001'],
    ['-0.1', '>', '-0.10000000000000000001'],
    ['1e400', '>', '1.7e308'],
    ['1e400', '<', '1e401'],
    ['-1e400', '<', '-1.7e308'],
    ['1e-400', '>', '0'],
    ['-1e-400', '<', '0'],
    ['1e-400', '>', '1e-401'],
    ['1e999999999', '>', '1e400'],
    ['1e-999999999999999999999', '<', '1e-400'],
    ['1e999999999999999999999', '>', '1e400'],
    ['1e2', '=', '100.0'],
    ['0', '=', '-0'],
    ['1e400', '=', '10e399'],
    ['1000000000000000000000001', '=', '1.000000000000000000000001e24'],
    ['9007199254740993', '=', '9007199254740993.000'],
    ['0e400', '=', '0'],
  ])('%s %s %s', (a, sign, b) => {
    const order = { '<': -1, '=': 0, '>': 1 }[sign] ?? NaN;
    expect(Math.sign(compareNumbers(read(a), read(b)))).toBe(order);
    expect(Math.sign(compareNumbers(read(b), read(a))) + order).toBe(0);
  });

  it('compares like integers of any length', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.bigInt(), fc.integer({ min: -3, max: 3 }), (a, b, near) => {
        for (const other of [b, a + BigInt(near)]) {
          const order = a < other ? -1 : a > other ? 1 : 0;
          expect(Math.sign(compareNumbers(read(`${a}`), read(`${other}`)))).toBe(order);
        }
      }),
    );
  });

  it('reads every JSON text as JSON.parse does where doubles keep it', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        expect(stringifyExactly(parseExactly(text))).toBe(text);
      }),
    );
  });

  it.each([
    ['1,', 'numbers'],
    ['1e2,', 'exponents'],
    ['9007199254740993,', 'long numbers'],
    ['1e400,', 'large numbers'],
    ['"\\\\",', 'escapes'],
    ['"\\"1e400",', 'quotes'],
    ['0', 'one number of zeros'],
    ['7', 'one number of sevens'],
  ])('256 KiB of %s are read in linear time', (piece) => {
    const many = piece.repeat(KIB_256 / piece.length);
    const text = piece.endsWith(',') ? `[${many.slice(0, -1)}]` : `[1${many}]`;
    const parse = budgetTaken(KIB_256, () => JSON.parse(text) as unknown, 8);
    // What JSON.parse takes for the same comes on top.
    expect(budgetTaken(KIB_256, () => exactData(text, null), 8)).toBeLessThan(12 + parse * 4);
    const [value] = parseExactly(text) as [number | ExactNumber];
    expect(budgetTaken(KIB_256, () => compareNumbers(value, new ExactNumber('1e400')), 8)).toBeLessThan(1);
  });
});
