import { contrastProblem } from '../../src/core/portal-look.js';

it.each([
  ['#767676', null],
  ['#777777', 'and must be at least 4.5'],
])('text in %s on white: %s', (text, problem) => {
  const found = contrastProblem({ background: '#ffffff', text });
  if (problem === null) expect(found).toBeNull();
  else expect(found).toContain(problem);
});
