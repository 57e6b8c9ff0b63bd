import { requiresNewLookup } from '../../src/database/connection-lost.js';

it.each([
  ['25006', true],
  ['57P01', true],
  ['57P03', true],
  ['57P05', true],
  ['08006', true],
  ['57014', false],
  ['57P06', false],
  ['40001', false],
])('after SQLSTATE %s the database server is looked up again: %s', (code, isNew) => {
  expect(requiresNewLookup(Object.assign(new Error(), { code }))).toBe(isNew);
});
