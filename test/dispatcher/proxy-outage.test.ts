/** @jest-environment ./test/support/leak-environment.mjs */
import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { ProxyOutage } from '../../src/dispatcher/attempt/proxy-outage.js';
import type { Sender } from '../../src/outbound/sender.js';
import { ProcessMetrics } from '../../src/telemetry/process-metrics.js';

describe('the log at the end of an outage of the egress proxy', () => {
  let lines: unknown[];
  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick'] });
    lines = [];
    const keep = (line: unknown) => void lines.push((line as { msg: string }).msg);
    Logger.overrideLogger({ log: keep, warn: keep, error: keep });
  });
  afterEach(() => {
    jest.useRealTimers();
    Logger.overrideLogger(false);
  });

  it.each([
    ['says that it is back when it serves an endpoint', false, 'network.proxy_back'],
    [
      'says what counts from now on when it was only blamed for long enough',
      true,
      'network.proxy_no_longer_blamed',
    ],
  ])('%s', async (_, isProxyNoLongerBlamed, message) => {
    const sender = { isProxyNoLongerBlamed, proxyFails: () => Promise.resolve(false) } as unknown as Sender;
    const outage = new ProxyOutage(sender, new ProcessMetrics(), () => []);
    const back = outage.whenBack('https://one.test/', 'interrupted');
    await jest.advanceTimersByTimeAsync(1_000);
    await back;
    expect(lines).toEqual(['network.proxy_out', message]);
  });
});
