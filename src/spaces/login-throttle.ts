import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '../core/clock.js';
import { Throttled } from '../core/errors.js';

/** Refused keys an address may send in one window. */
const MAX_FAILURES = 200;
const WINDOW_MS = 60_000;
/** A window that sees this many addresses or keys ends early, so nobody can fill the memory. */
const MAX_ENTRIES = 50_000;

/**
 * Slows down who guesses keys. An address that sent too many wrong ones is refused without a look at the database;
 * keys that worked lately pass all the same, since behind one proxy guessers and customers share an address.
 */
@Injectable()
export class LoginThrottle {
  private endsAt = 0;
  private failures = new Map<string, number>();
  private good = new Set<string>();
  private goodBefore = new Set<string>();

  constructor(private readonly clock: Clock) {}

  /** Throws `Throttled` for a key that nobody has used lately, from an address with too many failures. */
  admit(address: string, key: string): void {
    this.turn();
    if ((this.failures.get(address) ?? 0) < MAX_FAILURES) return;
    const digest = digestOf(key);
    if (this.good.has(digest) || this.goodBefore.has(digest)) return;
    const wait = Math.max(1, Math.ceil((this.endsAt - this.clock.now()) / 1_000));
    throw new Throttled(`Too many wrong keys came from this address. Try again in ${wait} s.`, wait);
  }

  failed(address: string): void {
    this.failures.set(address, (this.failures.get(address) ?? 0) + 1);
  }

  worked(key: string): void {
    this.good.add(digestOf(key));
  }

  private turn(): void {
    const now = this.clock.now();
    const full = Math.max(this.failures.size, this.good.size) >= MAX_ENTRIES;
    if (now < this.endsAt && !full) return;
    this.endsAt = now + WINDOW_MS;
    this.failures = new Map();
    this.goodBefore = this.good;
    this.good = new Set();
  }
}

function digestOf(key: string): string {
  return createHash('sha256').update(key).digest('base64');
}
