import { createHash, createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import type { Issue } from './errors.js';

/** Proves to an endpoint who connects (mTLS). Both in PEM. */
export interface CertificatePair {
  /** The certificate first, then those of its issuers, if the endpoint needs them. */
  certificate: string;
  key: string;
}

/** The same, as connections need it. */
export interface ClientCertificate extends CertificatePair {
  /** A hash of both: connections with different ones are not shared. */
  id: string;
}

export function withId({ certificate, key }: CertificatePair): ClientCertificate {
  return {
    id: createHash('sha256').update(certificate).update('\0').update(key).digest('hex'),
    certificate,
    key,
  };
}

/** What may be shown of a certificate. */
export interface CertificateFacts {
  subject: string;
  issuer: string;
  notAfter: Date;
  /** SHA-256, with colons. */
  fingerprint: string;
}

const PATH = 'clientCertificate';
const MIN_RSA_BITS = 2048;
/** Reading one takes a tenth of a millisecond. */
const MAX_CERTIFICATES = 10;
const BEGIN = '-----BEGIN CERTIFICATE-----';
const END = '-----END CERTIFICATE-----';

/** What is wrong with a client certificate at `now` (epoch milliseconds); empty when nothing is. */
export function checkClientCertificate({ certificate, key }: CertificatePair, now: number): Issue[] {
  const blocks = blocksOf(certificate, MAX_CERTIFICATES + 1);
  if (blocks.length > MAX_CERTIFICATES)
    return [
      issue(
        'certificate',
        'too_many_certificates',
        `Use at most ${MAX_CERTIFICATES} certificates, the first and its issuers.`,
      ),
    ];
  const [parsed = null, ...issuers] = blocks.map(parseBlock);
  if (parsed === null || issuers.includes(null))
    return [issue('certificate', 'invalid_certificate', `Give the certificate in PEM form: ${BEGIN}.`)];
  const read = readKey(key);
  if (!('key' in read)) return [read];
  if (!parsed.checkPrivateKey(read.key))
    return [issue('key', 'key_mismatch', 'The key does not belong to the certificate. Use a matching pair.')];
  const notAfter = new Date(parsed.validTo);
  if (notAfter.getTime() <= now)
    return [
      issue(
        'certificate',
        'certificate_expired',
        `The certificate expired at ${notAfter.toISOString()}. Use a newer one.`,
      ),
    ];
  return isTooShort(read.key)
    ? [issue('key', 'weak_key', `TLS does not accept an RSA key of less than ${MIN_RSA_BITS} bits.`)]
    : [];
}

function isTooShort({ asymmetricKeyDetails }: KeyObject): boolean {
  return (asymmetricKeyDetails?.modulusLength ?? MIN_RSA_BITS) < MIN_RSA_BITS;
}

/** Of the first of the chain; null when it cannot be read. */
export function certificateFacts(certificate: string): CertificateFacts | null {
  const [parsed = null] = blocksOf(certificate, 1).map(parseBlock);
  if (parsed === null) return null;
  return {
    subject: oneLine(parsed.subject),
    issuer: oneLine(parsed.issuer),
    notAfter: new Date(parsed.validTo),
    fingerprint: parsed.fingerprint256,
  };
}

/** The first certificates of a text, which is read once: a pattern would look for the end of each again and again. */
function blocksOf(text: string, most: number): string[] {
  const blocks: string[] = [];
  for (let at = 0; blocks.length < most;) {
    const start = text.indexOf(BEGIN, at);
    const end = start === -1 ? -1 : text.indexOf(END, start);
    if (end === -1) break;
    at = end + END.length;
    blocks.push(text.slice(start, at));
  }
  return blocks;
}

function parseBlock(block: string): X509Certificate | null {
  try {
    return new X509Certificate(block);
  } catch {
    return null;
  }
}

function readKey(text: string): { key: KeyObject } | Issue {
  if (/-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(text))
    return issue(
      'key',
      'encrypted_key',
      'The key is encrypted. Decrypt it first: openssl pkey -in key.pem -out plain.pem.',
    );
  try {
    return { key: createPrivateKey(text) };
  } catch {
    return issue('key', 'invalid_key', 'Give the private key in PEM form: -----BEGIN PRIVATE KEY-----.');
  }
}

function oneLine(name: string): string {
  return name.split('\n').join(', ');
}

function issue(field: string, code: string, message: string): Issue {
  return { path: `${PATH}.${field}`, code, message };
}
