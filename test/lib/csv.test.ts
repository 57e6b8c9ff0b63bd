import { csvRecord } from '../../src/lib/csv.js';

it('writes a record as RFC 4180 says: quotes where needed, doubled inside, CRLF at the end', () => {
  expect(csvRecord(['a', 1, true, null, '', 0.5])).toBe('a,1,true,,,0.5\r\n');
  expect(csvRecord(['a,b', 'say "hi"', 'two\nlines', 'cr\rlf'])).toBe(
    '"a,b","say ""hi""","two\nlines","cr\rlf"\r\n',
  );
  expect(csvRecord([' a', 'b ', 'x;y', 'ü€'])).toBe('" a","b ","x;y",ü€\r\n');
});

it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '＝1', '＋1', '－1', '＠x'])(
  'a text that a spreadsheet takes for a formula does not begin a field: %j',
  (text) => {
    expect(csvRecord([text]).replace(/^"/, '')).toMatch(/^'/);
    expect(csvRecord([`a${text}`]).replace(/^"/, '')).toMatch(/^a/);
  },
);

it('a formula that needs quotes gets both', () => {
  expect(csvRecord(['=HYPERLINK("http://x","y")'])).toBe('"\'=HYPERLINK(""http://x"",""y"")"\r\n');
});
