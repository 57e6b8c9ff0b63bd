import { BoundedLog } from '../../src/telemetry/bounded-log.js';

describe('a log whose lines are bounded', () => {
  const lines: object[] = [];
  const keep = (line: object) => void lines.push(line);
  let now = 0;
  let log: BoundedLog;

  beforeEach(() => {
    lines.length = 0;
    now = 0;
    log = new BoundedLog({ log: keep, warn: keep }, () => now);
  });

  it('writes 20 of a kind in ten seconds, and the next one has the number of those left out', () => {
    for (let n = 0; n < 1_000; n += 1) log.warn({ msg: 'endpoint.throttled', n });
    expect(lines).toHaveLength(20);
    now = 9_999;
    log.warn({ msg: 'endpoint.throttled' });
    expect(lines).toHaveLength(20);
    now = 10_000;
    log.warn({ msg: 'endpoint.throttled' });
    log.warn({ msg: 'endpoint.throttled' });
    expect(lines.slice(20)).toEqual([
      { msg: 'endpoint.throttled', suppressed: 981 },
      { msg: 'endpoint.throttled' },
    ]);
  });

  it('bounds each kind by itself', () => {
    for (let n = 0; n < 100; n += 1) log.warn({ msg: 'endpoint.throttled' });
    log.log({ msg: 'subscription.probed' });
    expect(lines).toHaveLength(21);
  });
});
