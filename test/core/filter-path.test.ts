import { parsePath } from '../../src/core/filter-path.js';

describe('a path', () => {
  it.each([
    ['a.b', ['a', 'b']],
    ['["a.b"]', ['a.b']],
    ['lead["a.b"].c', ['lead', 'a.b', 'c']],
    ['lead.["a.b"]', null],
    ['["a"]["b.c"]', ['a', 'b.c']],
    ['["a"].b', ['a', 'b']],
    ['["say \\"hi\\""].x', ['say "hi"', 'x']],
    ['["\\u0061.b"]', ['a.b']],
    ['[""]', ['']],
    ['["["]', ['[']],
    ['a[0].b', ['a[0]', 'b']],
    ['a]b', ['a]b']],
    ['a["b"', null],
    ['a["b"]c', null],
    ['a["b"]..c', null],
    ['a["b"].', null],
    ['.["b"]', null],
    ['["b\\q"]', null],
    ['["a\nb"]', null],
    ['a..b', ['a', '', 'b']],
  ])('%s leads through %j', (path, keys) => {
    expect(parsePath(path)).toEqual(keys);
  });
});
