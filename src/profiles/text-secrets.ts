import { randomBytes } from 'node:crypto';
import type { SecretRules } from './profile.js';

/** Secrets that are kept and compared as the text they are. `generate` gives the text of a new one. */
export function textSecrets(
  { generate, accepts, form }: { generate: () => string; accepts: RegExp; form: string },
  rules: Pick<SecretRules, 'inBody' | 'shown' | 'rotates'>,
): SecretRules {
  return {
    generate: () => Buffer.from(generate()),
    parse: (text) => (accepts.test(text) ? Buffer.from(text) : null),
    format: (key) => key.toString(),
    form,
    ...rules,
  };
}

/** For a provider that says nothing about its secrets' form: 32 random bytes as text. The text is the key. */
export function hexSecrets(rules: Pick<SecretRules, 'inBody' | 'shown' | 'rotates'>): SecretRules {
  const form = {
    generate: () => randomBytes(32).toString('hex'),
    accepts: /^[\x21-\x7e]{16,256}$/,
    form: 'must be 16 to 256 printable characters; leave it out to have one made',
  };
  return textSecrets(form, rules);
}
