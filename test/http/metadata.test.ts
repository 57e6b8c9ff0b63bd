import { validateSync } from 'class-validator';
import { IsMetadata } from '../../src/http/metadata.js';

class Holder {
  @IsMetadata()
  metadata: unknown;
}

const isAccepted = (metadata: unknown) =>
  validateSync(Object.assign(new Holder(), { metadata })).length === 0;
const entries = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`name${n}`, 'text']));

it.each([
  ['50 entries', entries(50), true],
  ['51 entries', entries(51), false],
  ['a name of 64 characters', { ['n'.repeat(64)]: '' }, true],
  ['a name of 65 characters', { ['n'.repeat(65)]: '' }, false],
  ['a value of 512 characters', { a: 'v'.repeat(512) }, true],
  ['a value of 513 characters', { a: 'v'.repeat(513) }, false],
  ['a number', { a: 1 }, false],
  ['a list', [], false],
])('metadata with %s: %s', (_what, metadata, accepted) => {
  expect(isAccepted(metadata)).toBe(accepted);
});
