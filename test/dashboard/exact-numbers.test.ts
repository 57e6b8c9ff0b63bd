import { keepNumbers, numberIn, readNumber, writeNumbers } from '../../web/src/text/exact-numbers.js';

const parse = (json: string): unknown => JSON.parse(keepNumbers(json));

it.each([
  '9007199254740993',
  '-9007199254740993',
  '0.10000000000000000001',
  '1e400',
  '4e-324',
  '1.0000000000000001',
])('%s is shown and written as it was sent', (number) => {
  const value = parse(`{"n":${number}}`) as { n: unknown };
  expect(numberIn(value.n)).toBe(number);
  expect(writeNumbers(value)).toBe(`{"n":${number}}`);
  expect(numberIn(readNumber(number))).toBe(number);
});

it.each(['0', '-1', '1.5', '9007199254740991', '1e3', '1.0', '123456789012345', '0.000001', '5e-324'])(
  '%s is a number',
  (number) => {
    expect(parse(number)).toBe(Number(number));
    expect(readNumber(number)).toBe(Number(number));
  },
);

it('leaves what looks like a number in a text', () => {
  const json = '{"9007199254740993":"9007199254740993 \\" 9007199254740993"}';
  expect(parse(json)).toEqual({ '9007199254740993': '9007199254740993 " 9007199254740993' });
  expect(writeNumbers(parse(json))).toBe(json);
});
