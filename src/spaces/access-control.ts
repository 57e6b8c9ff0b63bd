import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Forbidden, NotFound, Unauthorized } from '../core/errors.js';
import { publicId } from '../core/ids.js';
import { Settings } from '../config/settings.js';
import { isUid } from '../http/uid.js';
import type { KeyScope } from '../core/domain-types.js';
import type { Access, Caller, PersonCaller } from './access-rule.js';
import { CredentialsService } from './credentials.service.js';
import { portalCallerOf, applicationCallerOf } from './application-caller.js';
import { LoginThrottle } from './login-throttle.js';
import { admitPerson, checkOwnPage } from './person-access.js';
import { SpaceLookup } from './space-lookup.js';
import { PORTAL_RIGHTS, type PortalRight } from './portal-rights.js';
import { sessionTokenOf } from './session-cookie.js';
import type { SpaceRef } from './space-ref.js';

type SpaceRequest = FastifyRequest<{ Params: { space?: string } }>;
type Guarded = Exclude<Access, { kind: 'public' }>;
type KeyCaller = Exclude<Caller, PersonCaller>;

/** Decides who may call a route, from a request's head alone, and leaves the caller and the space on the request. */
@Injectable()
export class AccessControl {
  constructor(
    private readonly credentials: CredentialsService,
    private readonly spaces: SpaceLookup,
    private readonly throttle: LoginThrottle,
    private readonly settings: Settings,
  ) {}

  /** Lets a caller in from memory; false, and nothing done, when that is not enough. */
  authorizeFromMemory(request: FastifyRequest, access: Access): boolean {
    if (access.kind === 'public') return true;
    const known = this.remembered(request as SpaceRequest, access);
    if (!known) return false;
    request.caller = known.caller;
    request.space = known.space;
    request.remembered = {
      version: known.version,
      confirm: async () => {
        await this.checkAccess(request as SpaceRequest, access);
      },
    };
    request.admitted = access;
    return true;
  }

  /** Looks the caller up. Throws for one who may not call the route. */
  async authorize(request: FastifyRequest, access: Access): Promise<void> {
    if (access.kind === 'public') return;
    const { caller, space } = await this.checkAccess(request as SpaceRequest, access);
    request.caller = caller;
    request.space = space;
    request.remembered = undefined;
    request.admitted = access;
  }

  /** Throws for a caller without a key that is valid for anything. */
  async authenticate(request: FastifyRequest): Promise<void> {
    const token = sessionTokenOf(request, this.settings);
    if (token !== undefined) await this.identifyPerson(request, token);
    else await this.identify(request.ip, bearerOf(request.headers.authorization));
  }

  private async checkAccess(
    request: SpaceRequest,
    access: Guarded,
  ): Promise<{ caller: Caller; space?: SpaceRef }> {
    const signedIn = applicationCallerOf(request.raw);
    const token = signedIn ? undefined : this.sessionOf(request, access);
    if (token !== undefined) return this.checkPerson(request, await this.identifyPerson(request, token));
    const caller = signedIn
      ? portalCallerOf(signedIn)
      : await this.identify(request.ip, keyOf(request, access));
    if (access.kind === 'admin' && caller.kind !== 'admin')
      throw new Forbidden('This request needs the admin key.');
    const space = await this.spaceOf(request, access, caller);
    if (access.kind === 'own_space' && !space)
      throw new Unauthorized('This request needs the key of a space.');
    if (access.kind === 'any_key' && !access.portal && caller.kind === 'portal') throw noKey();
    if (access.kind === 'space') checkScope(caller, access.scope, access);
    if (access.kind === 'own_space') checkScope(caller, access.scope, { portal: false });
    return { caller, ...(space && { space }) };
  }

  /** What the caller would be admitted as, as far as memory tells; undefined when that is not enough to let it in. */
  private remembered(
    request: SpaceRequest,
    access: Guarded,
  ): { caller: Caller; space: SpaceRef; version: number } | undefined {
    const ref = request.params.space;
    if (access.kind !== 'space' || !access.remembers || ref === undefined) return undefined;
    if (applicationCallerOf(request.raw) || this.sessionOf(request, access) !== undefined) return undefined;
    const key = keyOf(request, access);
    const known = this.credentials.remembered(key);
    if (known === null) return undefined;
    if (known.kind === 'admin') {
      const found = this.spaces.remembered(ref);
      return found && { caller: known, ...found };
    }
    const { version, ...caller } = known;
    if (!isNamed(caller.space, ref) || !includesScope(caller.scope, access.scope)) return undefined;
    this.throttle.recordSuccess(key);
    return { caller, space: caller.space, version };
  }

  /** The token of a person's session; provider APIs are for keys. */
  private sessionOf(request: FastifyRequest, access: Guarded): string | undefined {
    return access.kind === 'own_space' ? undefined : sessionTokenOf(request, this.settings);
  }

  private identifyPerson(request: FastifyRequest, token: string): Promise<PersonCaller> {
    checkOwnPage(request, this.settings.publicUrl);
    return this.throttled(request.ip, token, () => this.credentials.identifyPerson(token));
  }

  private async checkPerson(
    request: SpaceRequest,
    person: PersonCaller,
  ): Promise<{ caller: Caller; space?: SpaceRef }> {
    const ref = request.params.space;
    const space = ref === undefined ? undefined : await this.spaces.find(ref);
    if (space === null) throw new NotFound('space');
    return { caller: admitPerson(request, person, space), ...(space && { space }) };
  }

  private identify(ip: string, key: string): Promise<KeyCaller> {
    return this.throttled(ip, key, () => this.credentials.identify(key));
  }

  private async throttled<C extends Caller>(ip: string, key: string, identify: () => Promise<C>): Promise<C> {
    this.throttle.check(ip, key);
    try {
      const caller = await identify();
      this.throttle.recordSuccess(key);
      return caller;
    } catch (error) {
      if (error instanceof Unauthorized) this.throttle.recordFailure(ip);
      throw error;
    }
  }

  /** A key that names another space's path learns no more than if that space did not exist. */
  private async spaceOf(
    request: SpaceRequest,
    access: Guarded,
    caller: KeyCaller,
  ): Promise<SpaceRef | undefined> {
    const ref = request.params.space;
    if (caller.kind !== 'admin') {
      const { space } = caller;
      if (!isNamed(space, ref)) throw new NotFound('space');
      return space;
    }
    if (ref === undefined) return undefined;
    const space = await this.spaces.find(ref);
    if (space) return space;
    if (access.kind === 'space' && access.upserts && isUid(ref) && asksToUpsert(request)) return undefined;
    throw new NotFound('space');
  }
}

/** Whether the query asks for a space to be made that does not exist. */
export function asksToUpsert({ query }: Pick<FastifyRequest, 'query'>): boolean {
  return (query as Record<string, unknown>).upsertSpace === 'true';
}

/** Whether a path that says `ref` means this space. */
function isNamed(space: SpaceRef, ref: string | undefined): boolean {
  return ref === undefined || ref === space.uid || ref === publicId('spc', space.id);
}

/** What a key can look like; everything else is refused before it is looked for. */
const KEY = /^[\x21-\x7e]{1,512}$/;

function checkScope(
  caller: KeyCaller,
  needed: KeyScope,
  { portal, right }: { portal: boolean; right?: PortalRight },
): void {
  if (caller.kind === 'portal' && !portal) throw noKey();
  if (caller.kind === 'admin') return;
  if (includesScope(caller.scope, needed)) {
    if (caller.kind !== 'portal' || needed !== 'manage') return;
    const missing = (right ? [right] : PORTAL_RIGHTS).filter((one) => !caller.rights.includes(one));
    if (missing.length === 0) return;
    throw new Forbidden(
      `This request needs a portal link with the right "${missing.join('" and "')}", which this one does not have.`,
    );
  }
  throw new Forbidden(`This request needs a key with the scope "${needed}"; this one has "${caller.scope}".`);
}

function noKey(): Forbidden {
  return new Forbidden('This request needs a key, not a portal link.');
}

function includesScope(scope: KeyScope, needed: KeyScope): boolean {
  return scope === 'manage' || scope === needed;
}

function keyOf(request: FastifyRequest, access: Access): string {
  if (access.kind !== 'own_space') return bearerOf(request.headers.authorization);
  const key = access.keyOf(request);
  if (key === undefined || !KEY.test(key)) throw new Unauthorized('Send the key of a space.');
  return key;
}

/** What is wrong with the header, where there is one. It is never quoted: it may be the key. */
function whyNoKey(header = ''): string {
  if (header.trim() === '') return '';
  if (/^bearer\s*$/i.test(header)) return 'The header has no key after "Bearer". ';
  if (/^bearer\s/i.test(header)) return 'The key in the header is not valid: it has spaces, or is too long. ';
  return 'The header does not begin with the word "Bearer". ';
}

function bearerOf(header: string | undefined): string {
  const key = /^Bearer +([\x21-\x7e]{1,512})$/i.exec(header ?? '')?.[1];
  if (key === undefined)
    throw new Unauthorized(`${whyNoKey(header)}Send your key in the header "Authorization: Bearer <key>".`);
  return key;
}
