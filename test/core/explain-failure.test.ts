import { explainFailure } from '../../src/core/explain-failure.js';

const HOUR = 3_600_000;
const NOW = Date.UTC(2026, 10, 29);

const http = (status: number, more: object = {}) =>
  explainFailure({ statusCode: status, errorCode: `http_${status}`, startedAt: NOW, ...more });
const failed = (errorCode: string, more: object = {}) =>
  explainFailure({ statusCode: null, errorCode, startedAt: NOW, ...more });

describe('the sentence for a failure', () => {
  it('is none for a success', () => {
    expect(explainFailure({ statusCode: 200, errorCode: null })).toBeNull();
  });

  it.each([
    [400, 'could not parse'],
    [401, 'signature'],
    [404, 'Nothing exists at this path'],
    [410, 'no longer exists'],
    [418, 'refused the request'],
    [429, 'rate limit'],
    [500, 'check its log'],
    [502, 'no valid response'],
    [503, 'not available'],
    [521, 'server failed'],
    [302, 'redirects are not followed'],
    [204, 'does not count as success'],
  ])('says for %i what helps', (status, part) => {
    expect(http(status)).toContain(part);
    expect(http(status)).not.toMatch(/HTTP \d/);
  });

  it.each([
    'timeout',
    'dns_error',
    'connection_refused',
    'connection_reset',
    'tls_error',
    'protocol_error',
    'blocked_address',
    'mixed_addresses',
    'proxy_unreachable',
    'oauth2_token_failed',
    'template_failed',
    'conversion_failed',
    'interrupted',
  ])('is one of its own for %s', (code) => {
    expect(failed(code)).toMatch(/^[A-Z].{30,}\.$/);
    expect(failed(code)).not.toBe(failed('internal'));
  });

  it('asks after a rotation whether the endpoint knows the new secret', () => {
    expect(http(401, { secretSince: NOW - 2 * HOUR })).toContain('rotated 2 h before this attempt');
    expect(http(403, { secretSince: NOW - 5 * 60_000 })).toContain('rotated 5 min before');
    expect(http(401, { secretSince: NOW - 72 * HOUR })).toContain('rotated 3 days before');
  });

  it.each([
    ['there was none', null],
    ['it was after the attempt', NOW + HOUR],
    ['it was long ago', NOW - 31 * 24 * HOUR],
  ])('says nothing of a rotation where %s', (_why, secretSince) => {
    expect(http(401, { secretSince })).not.toContain('rotated');
  });

  it('names the time limit of a timeout', () => {
    expect(failed('timeout', { timeoutMs: 15_000 })).toContain('which is 15 s');
  });

  it.each([
    ['CERT_HAS_EXPIRED', 'expired'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'another host name'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'self-signed'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'intermediate'],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'client certificate'],
  ])('tells %s apart from other TLS errors', (code, part) => {
    expect(failed('tls_error', { errorDetail: `not secure (${code}).` })).toContain(part);
  });

  it('says where a redirect leads, unless that is no plain URL', () => {
    expect(http(301, { location: 'https://new.example/hook' })).toContain('to https://new.example/hook,');
    for (const location of [
      '/hook',
      'javascript:alert(1)',
      'https://a.example/\u202e',
      `https://${'a'.repeat(400)}`,
    ])
      expect(http(301, { location })).toContain('redirects, and');
  });
});
