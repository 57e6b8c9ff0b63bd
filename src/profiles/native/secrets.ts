import { randomBytes } from 'node:crypto';
import type { SecretRules } from '../profile.js';

const PREFIX = 'whsec_';
const NEW_BYTES = 32;
const MIN_BYTES = 24;
const MAX_BYTES = 64;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** The secret's text as Standard Webhooks writes it. */
export function formatSecret(key: Buffer): string {
  return PREFIX + key.toString('base64');
}

/** The key inside `whsec_…`, or null when the text is not of that form. */
function parseSecret(text: string): Buffer | null {
  const encoded = text.slice(PREFIX.length);
  if (!text.startsWith(PREFIX) || !BASE64.test(encoded)) return null;
  const key = Buffer.from(encoded, 'base64');
  return key.length >= MIN_BYTES && key.length <= MAX_BYTES ? key : null;
}

export const nativeSecrets: SecretRules = {
  generate: () => randomBytes(NEW_BYTES),
  parse: parseSecret,
  format: formatSecret,
  form: `must be "${PREFIX}" and the base64 of ${MIN_BYTES} to ${MAX_BYTES} bytes; leave it out to have one made`,
  inBody: false,
  shown: 'always',
  rotates: true,
};
