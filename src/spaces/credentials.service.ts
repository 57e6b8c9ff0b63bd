import { timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Settings } from '../config/settings.js';
import { Unauthorized } from '../core/errors.js';
import { hashKey } from '../core/key-text.js';
import { SessionLookup } from '../people/session-lookup.js';
import type { Caller, PersonCaller, SpaceCaller } from './access-rule.js';
import { KeyLookup } from './key-lookup.js';
import { TOKEN_PREFIX } from './portal-link.js';
import { PortalLinksService } from './portal-links.service.js';

/** Finds out whose key a request carries. */
@Injectable()
export class CredentialsService {
  private readonly adminHash: Buffer | null;

  constructor(
    settings: Settings,
    private readonly keys: KeyLookup,
    private readonly links: PortalLinksService,
    private readonly sessions: SessionLookup,
  ) {
    this.adminHash = settings.adminKey === '' ? null : hashKey(settings.adminKey);
  }

  /** Who sends this key as far as this process remembers; null when it does not. See `KeyLookup.remembered`. */
  remembered(key: string): { kind: 'admin' } | (SpaceCaller & { version: number }) | null {
    if (this.isAdmin(key)) return { kind: 'admin' };
    const found = this.keys.remembered(key);
    return found && { kind: 'key', ...found };
  }

  /** Throws `Unauthorized` for a key that is none, or no longer one. */
  async identify(key: string): Promise<Exclude<Caller, PersonCaller>> {
    if (this.isAdmin(key)) return { kind: 'admin' };
    if (key.startsWith(TOKEN_PREFIX)) {
      const link = await this.links.find(key);
      if (link) return { kind: 'portal', ...link };
      throw new Unauthorized('This link is unknown, expired or revoked. Ask for a new one.');
    }
    const found = await this.keys.find(key);
    if (!found) throw new Unauthorized('This key is unknown, expired or revoked. Use another one.');
    return { kind: 'key', ...found };
  }

  /** Who has the session of this token; their role for the request is still to be found out. Throws Unauthorized. */
  async identifyPerson(token: string): Promise<PersonCaller> {
    const found = await this.sessions.find(token);
    if (!found) throw new Unauthorized('Your session has ended. Sign in again.');
    return { kind: 'person', ...found, role: null };
  }

  /** Hashes have one length, so comparing them reveals nothing about the key's. */
  private isAdmin(key: string): boolean {
    return this.adminHash !== null && timingSafeEqual(hashKey(key), this.adminHash);
  }
}
