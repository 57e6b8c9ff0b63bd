import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { certificateFacts, checkClientCertificate } from '../../src/core/client-certificate.js';
import { budgetTaken } from '../support/budget.js';

const pem = (name: string) => readFileSync(join(import.meta.dirname, `../fixtures/tls/${name}.pem`), 'utf8');
const [certificate, key, issuer] = [pem('client'), pem('client-key'), pem('client-ca')];
const NOW = Date.parse('2026-11-30T00:00:00Z');
const codesOf = (chain: string) =>
  checkClientCertificate({ certificate: chain, key }, NOW).map(({ code }) => code);
const LONGEST = 65_536;

it('a certificate comes with up to nine of its issuers', () => {
  expect(codesOf(certificate + issuer.repeat(9))).toEqual([]);
  expect(codesOf(certificate + issuer.repeat(10))).toEqual(['too_many_certificates']);
  expect(codesOf(certificate + issuer.replace('MII', '???'))).toEqual(['invalid_certificate']);
  expect(certificateFacts(certificate + issuer)).toEqual(certificateFacts(certificate));
});

it.each([
  ['beginnings without an end', '-----BEGIN CERTIFICATE-----'],
  ['certificates', issuer],
])('a text full of %s keeps nobody else waiting', (_what, part) => {
  const text = part.repeat(LONGEST / part.length);
  expect(budgetTaken(0, () => codesOf(text))).toBeLessThan(1);
  expect(budgetTaken(0, () => certificateFacts(text))).toBeLessThan(1);
});
