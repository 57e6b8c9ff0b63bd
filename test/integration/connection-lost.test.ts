import { databaseErrorOf } from '../../src/http/database-error.js';
import { requiresNewLookup } from '../../src/database/connection-lost.js';

it.each([
  ['25006', true],
  // The limits of the server for transactions end the connection.
  ['25P03', true],
  ['25P04', true],
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

it.each(['25P03', '25P04', '57P04', '57P05', '58030', '53300'])(
  'SQLSTATE %s is a 503, and no fault of ours',
  (code) => {
    expect(databaseErrorOf(Object.assign(new Error('no'), { code }))).toMatchObject({ kind: 'unavailable' });
  },
);
