import { diffLines } from '../../web/src/text/line-diff.js';

const diff = (before: string, after: string) => diffLines(before, after).map(({ sign, text }) => sign + text);

it.each([
  ['the same text', 'a\nb', 'a\nb', [' a', ' b']],
  ['a line that was added', 'a\nc', 'a\nb\nc', [' a', '+b', ' c']],
  ['a line that was removed', 'a\nb\nc', 'a\nc', [' a', '-b', ' c']],
  ['a line that was changed: the old one first', 'a\nb\nc', 'a\nx\nc', [' a', '-b', '+x', ' c']],
  ['texts that have nothing in common', 'a', 'b', ['-a', '+b']],
  ['the longest part that both have', 'a\nb\nc\nd', 'b\nc\nd\na', ['-a', ' b', ' c', ' d', '+a']],
])('shows %s', (_what, before, after, lines) => {
  expect(diff(before, after)).toEqual(lines);
});
