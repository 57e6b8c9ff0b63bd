import { failureOf } from '../../src/outbound/attempt-outcome.js';

describe('an error of a socket', () => {
  it.each(['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM'])(
    '%s is a shortage of ours: nobody is blamed, and it is tried again in a while',
    (code) => {
      const failure = failureOf(Object.assign(new Error(`connect ${code} 10.0.0.7:443`), { code }));
      expect(failure).toMatchObject({ errorCode: 'interrupted', repeatMs: 2_000 });
      expect(failure.message).toContain(code);
      expect(failure.message).not.toContain('10.0.0.7');
    },
  );

  it.each([
    ['ECONNREFUSED', 'connection_refused'],
    ['ENETUNREACH', 'connection_refused'],
    ['ECONNRESET', 'connection_reset'],
    ['ETIMEDOUT', 'timeout'],
    ['EPROTO', 'tls_error'],
    ['EWHATEVER', 'internal'],
  ])('%s is %s, and repeated by the schedule only', (code, errorCode) => {
    expect(failureOf(Object.assign(new Error(code), { code }))).toMatchObject({ errorCode, repeatMs: 0 });
  });
});
