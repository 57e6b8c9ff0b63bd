import { createHash, createHmac, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '../lib/clock.js';
import { CountSketch } from '../lib/count-sketch.js';
import { Throttled } from '../core/errors.js';
import { networkOf } from '../lib/ip-address.js';

/** Refused keys a caller may send in one window. */
const MAX_FAILURES = 200;
const WINDOW_MS = 60_000;
/** Counters for callers, 512 KB: a million wrong keys of a million addresses in one window count 15 for everybody. */
const WIDTH = 65_536;
/** Keys in use that are remembered; who sends them is known to be honest. */
const MAX_KEYS = 50_000;

/**
 * Slows down who guesses keys. A caller, an IPv4 address or an IPv6 /64, that sent too many wrong ones is refused
 * without a look at the database; keys that worked lately pass all the same, since behind one proxy guessers and
 * customers share an address. Nobody is freed before the window ends by others who guess, however many they are.
 */
@Injectable()
export class LoginThrottle {
  private endsAt = 0;
  /** Random, so that no caller can choose whose counter it shares. */
  private readonly secret = randomBytes(32);
  private readonly failures = new CountSketch(WIDTH, (name) => this.hash(name));
  private validKeys = new Set<string>();
  private previousValidKeys = new Set<string>();

  constructor(private readonly clock: Clock) {}

  /** Throws `Throttled` for a key that nobody has used lately, from a caller with too many failures. */
  check(address: string, key: string): void {
    this.rotateWindow();
    if (this.failures.count(networkOf(address)) < MAX_FAILURES) return;
    const digest = digestOf(key);
    if (this.validKeys.has(digest) || this.previousValidKeys.has(digest)) return;
    const wait = Math.max(1, Math.ceil((this.endsAt - this.clock.now()) / 1_000));
    throw new Throttled(`Too many wrong keys came from this address. Try again in ${wait} s.`, wait);
  }

  recordFailure(address: string): void {
    this.failures.add(networkOf(address));
  }

  recordSuccess(key: string): void {
    if (this.validKeys.size < MAX_KEYS) this.validKeys.add(digestOf(key));
  }

  private rotateWindow(): void {
    const now = this.clock.now();
    if (now < this.endsAt) return;
    this.endsAt = now + WINDOW_MS;
    this.failures.clear();
    this.previousValidKeys = this.validKeys;
    this.validKeys = new Set();
  }

  private hash(name: string): Uint32Array {
    const digest = createHmac('sha256', this.secret).update(name).digest();
    return Uint32Array.from({ length: 4 }, (_, row) => digest.readUInt32LE(row * 4));
  }
}

function digestOf(key: string): string {
  return createHash('sha256').update(key).digest('base64');
}
