import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

/** The certificates of a PEM file, one or more. Throws when the file cannot be read or has a damaged one or none. */
export function readCaFile(path: string): string[] {
  const found = readFileSync(path, 'utf8').match(CERTIFICATE) ?? [];
  if (found.length === 0) throw new Error('There is no certificate in the file.');
  for (const certificate of found) new X509Certificate(certificate);
  return [...found];
}
