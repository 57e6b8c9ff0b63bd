import { createHash, randomInt } from 'node:crypto';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const LENGTH = 17;

/** `hoo_` and 17 letters and digits. */
export function newHookId(): string {
  return `hoo_${Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')}`;
}

/** The same id for the same text, such as a UUID, in the provider's form. */
export function idFrom(prefix: 'act' | 'tea' | 'usr', text: string): string {
  const digest = createHash('sha256').update(`${prefix}:${text}`).digest().subarray(0, LENGTH);
  return `${prefix}_${[...digest].map((byte) => ALPHABET[byte % ALPHABET.length]).join('')}`;
}
