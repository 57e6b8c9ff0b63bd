import { hash, randomInt } from 'node:crypto';

/** Letters and digits without the ones people mix up (0 O 1 I l). */
const ALPHABET = '23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const LENGTH = 43;
const PREFIX_LENGTH = 12;

/** A new key of a space: `phk_` and 250 random bits. */
export function newKeyText(): string {
  return `phk_${randomText()}`;
}

/** 250 bits of chance, as letters and digits. */
export function randomText(): string {
  return Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
}

/** What of a key may be shown again. */
export function keyPrefix(key: string): string {
  return key.slice(0, PREFIX_LENGTH);
}

/**
 * How a key is stored and found. A plain hash is enough for 250 random bits. In one call, since each request makes
 * two of them: a `Hash` object takes three times as long.
 */
export function hashKey(key: string): Buffer {
  return hash('sha256', key, 'buffer');
}
