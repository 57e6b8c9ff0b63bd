import { readCsv } from '../../src/lib/csv-read.js';

it.each<[string, string, Record<string, string>[]]>([
  [
    'quotes, separators and line ends in fields',
    'a,b\r\n"x ""1"", y","two\nlines"\r\n',
    [{ a: 'x "1", y', b: 'two\nlines' }],
  ],
  ['a byte order mark, LF, and no end of the last line', '\uFEFFa,b\n1,2', [{ a: '1', b: '2' }]],
  [
    'empty fields at the end, and empty lines',
    'a,b,c\n1,,\n\n,,3',
    [
      { a: '1', b: '', c: '' },
      { a: '', b: '', c: '3' },
    ],
  ],
  [
    'records that are too short or too long',
    'a,b\n1\n1,2,3',
    [
      { a: '1', b: '' },
      { a: '1', b: '2' },
    ],
  ],
  ['nothing', '', []],
])('reads %s', (_title, text, rows) => {
  expect(readCsv(text)).toEqual(rows);
});

it('refuses a quote that does not end, or does not begin a field', () => {
  expect(() => readCsv('a\n"x')).toThrow('A quote does not fit at character 3.');
  expect(() => readCsv('a\nx"y')).toThrow(SyntaxError);
});

it('reads a million fields in linear time', () => {
  const text = `a,b\n${'"x""y",z\n'.repeat(500_000)}`;
  const before = process.cpuUsage();
  expect(readCsv(text)).toHaveLength(500_000);
  // The time of this process: what others do on the machine does not count.
  expect(process.cpuUsage(before).user).toBeLessThan(5_000_000);
});
