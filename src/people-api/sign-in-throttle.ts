import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Throttled } from '../core/errors.js';
import { RateStore } from '../database/rate-store.js';
import { Clock } from '../lib/clock.js';
import { networkOf } from '../lib/ip-address.js';
import { LINK_MINUTES } from '../people/sign-in.service.js';

/** Tries to sign in from one network: an IPv4 address or an IPv6 /64. */
const TRIES = { limit: 60, windowMs: 600_000 };
/** Mails to one address. Within a link's time: who asks for links of others takes no way in away from them. */
const MAILS = { limit: 5, windowMs: LINK_MINUTES * 60_000 };

/** Limits attempts to sign in. All processes count together, and unknown addresses count like known ones. */
@Injectable()
export class SignInThrottle {
  constructor(
    private readonly rates: RateStore,
    private readonly clock: Clock,
  ) {}

  /** Throws Throttled. */
  async countTry(ip: string): Promise<void> {
    await this.count(`sign-in/${networkOf(ip)}`, TRIES, 'Too many tries came from this address.');
  }

  /** Throws Throttled. */
  async countMail(email: string): Promise<void> {
    const digest = createHash('sha256').update(email).digest('base64url');
    await this.count(`sign-in-mail/${digest}`, MAILS, 'Too many links were asked for. Use one of them.');
  }

  private async count(
    key: string,
    { limit, windowMs }: { limit: number; windowMs: number },
    what: string,
  ): Promise<void> {
    const now = this.clock.now();
    const { allowed, resetAt } = await this.rates.countCall(key, limit, windowMs, now);
    if (allowed) return;
    const seconds = Math.max(1, Math.ceil((resetAt - now) / 1_000));
    throw new Throttled(`${what} Try again in ${seconds} s.`, seconds);
  }
}
