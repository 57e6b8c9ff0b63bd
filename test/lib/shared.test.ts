import { Shared } from '../../src/lib/shared.js';

it('is made for the first user of a key, and closed after the last', async () => {
  const closed: string[] = [];
  const shared = new Shared<object, string>((value) => {
    closed.push(value);
    return Promise.resolve();
  });
  const [key, other] = [{}, {}];
  let made = 0;
  const make = () => `value ${(made += 1)}`;
  expect([shared.acquire(key, make), shared.acquire(key, make), shared.acquire(other, make)]).toEqual([
    'value 1',
    'value 1',
    'value 2',
  ]);
  await shared.release(key);
  expect(closed).toEqual([]);
  await shared.release(key);
  await shared.release(key);
  expect(closed).toEqual(['value 1']);
  expect(shared.acquire(key, make)).toBe('value 3');
});
