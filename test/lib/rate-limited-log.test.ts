import { RateLimitedLog } from '../../src/lib/rate-limited-log.js';
import { eventually } from '../support/condition.js';

it('passes on one line in its interval, and the next one after it', async () => {
  const lines: string[] = [];
  const log = new RateLimitedLog((line) => lines.push(line), 200);
  log.log('first');
  log.log('second');
  expect(lines).toEqual(['first']);
  await eventually(() => {
    log.log('later');
    expect(lines).toEqual(['first', 'later']);
  });
});
