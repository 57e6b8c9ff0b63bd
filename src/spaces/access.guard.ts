import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { Forbidden, NotFound, Unauthorized } from '../core/errors.js';
import { publicId } from '../core/ids.js';
import { ACCESS, type Access, type Caller } from './access-rule.js';
import { Credentials } from './credentials.js';
import { LoginThrottle } from './login-throttle.js';
import { SpaceLookup } from './space-lookup.js';
import type { SpaceRef } from './space-ref.js';

/** Decides for every route who may call it, and leaves the caller and the space on the request. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly credentials: Credentials,
    private readonly spaces: SpaceLookup,
    private readonly throttle: LoginThrottle,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const access = this.reflector.getAllAndOverride<Access | undefined>(ACCESS, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (!access || access.kind === 'public') return access !== undefined;
    const request = context.switchToHttp().getRequest<FastifyRequest<{ Params: { space?: string } }>>();
    request.caller = await this.identify(request);
    if (access.kind === 'admin' && request.caller.kind !== 'admin')
      throw new Forbidden('This call needs the admin key.');
    request.space = await this.spaceOf(request.params.space, request.caller);
    if (access.kind === 'space') checkScope(request.caller, access);
    return true;
  }

  private async identify(request: FastifyRequest): Promise<Caller> {
    const key = bearerOf(request.headers.authorization);
    this.throttle.admit(request.ip, key);
    try {
      const caller = await this.credentials.identify(key);
      this.throttle.worked(key);
      return caller;
    } catch (error) {
      if (error instanceof Unauthorized) this.throttle.failed(request.ip);
      throw error;
    }
  }

  /** A key that names another space's path learns no more than if that space did not exist. */
  private async spaceOf(ref: string | undefined, caller: Caller): Promise<SpaceRef | undefined> {
    if (caller.kind !== 'admin') {
      const { space } = caller;
      if (ref !== undefined && ref !== space.uid && ref !== publicId('spc', space.id))
        throw new NotFound('space');
      return space;
    }
    if (ref === undefined) return undefined;
    const space = await this.spaces.find(ref);
    if (!space) throw new NotFound('space');
    return space;
  }
}

function checkScope(caller: Caller, { scope: needed, portal }: Extract<Access, { kind: 'space' }>): void {
  if (caller.kind === 'portal' && !portal)
    throw new Forbidden('This call needs a key; a portal link is none.');
  if (caller.kind === 'admin' || caller.scope === 'manage' || caller.scope === needed) return;
  throw new Forbidden(`This call needs a key with the scope "${needed}"; this one has "${caller.scope}".`);
}

function bearerOf(header: string | undefined): string {
  const key = /^Bearer +([\x21-\x7e]{1,512})$/i.exec(header ?? '')?.[1];
  if (key === undefined) throw new Unauthorized('Send your key in the header "Authorization: Bearer <key>".');
  return key;
}
