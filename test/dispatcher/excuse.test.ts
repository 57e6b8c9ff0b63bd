import { excuse, isSilence } from '../../src/dispatcher/attempt/excuse.js';
import { at, finishedAttempt } from '../support/finished-attempt.js';

it.each(['timeout', 'dns_error', 'connection_refused', 'connection_reset', 'tls_error', 'blocked_address'])(
  '%s may be the fault of our own network',
  (errorCode) => {
    expect(isSilence(finishedAttempt('retry', { errorCode }))).toBe(true);
  },
);

it.each(['http_503', 'protocol_error', 'proxy_unreachable', 'interrupted', 'template_failed'])(
  '%s is not',
  (errorCode) => {
    expect(isSilence(finishedAttempt('retry', { errorCode }))).toBe(false);
  },
);

it('an attempt that is excused is repeated at once, says why, and asks nobody to wait', () => {
  const { record, verdict, waitMs } = excuse(
    finishedAttempt('exhausted', { errorCode: 'timeout', end: 7, waitMs: 1_000 }),
    'network',
  );
  expect(record.errorCode).toBe('interrupted');
  expect(record.errorDetail).toContain("Posthorn's own network seems to be down");
  expect(verdict).toEqual({ kind: 'retry', at: at(7).getTime() });
  expect(waitMs).toBeNull();
});
