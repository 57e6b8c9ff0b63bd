import { RateLimitedLog } from '../../src/lib/rate-limited-log.js';
import { eventually } from '../support/condition.js';

it('passes on one line in its interval, and after it the next one with the number of those between', async () => {
  const lines: [line: string, dropped: number][] = [];
  const log = new RateLimitedLog((line, dropped) => lines.push([line, dropped]), 200);
  log.log('first');
  log.log('second');
  expect(lines).toEqual([['first', 0]]);
  let between = 1;
  await eventually(() => {
    between += 1;
    log.log('later');
    expect(lines).toEqual([
      ['first', 0],
      ['later', between - 1],
    ]);
  });
});
