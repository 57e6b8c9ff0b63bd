import {
  applyDecorators,
  createParamDecorator,
  SetMetadata,
  UseGuards,
  type ExecutionContext,
} from '@nestjs/common';
import { PATH_METADATA } from '@nestjs/common/constants.js';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiExtension } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { KeyScope } from '../core/domain-types.js';
import { ACCESS_EXTENSION, PORTAL_EXTENSION, RIGHT_EXTENSION } from '../http/openapi-document.js';
import { ACCESS, type Access, type Caller, type KeyReader } from './access-rule.js';
import { AccessGuard } from './access.guard.js';
import type { PortalRight } from './portal-rights.js';
import type { SpaceRef } from './space-ref.js';
import { originOf } from './request-origin.js';
import { UnexpectedInputGuard } from './unexpected-input.guard.js';

export type { Caller } from './access-rule.js';

/*
 * Every route says one of these five, or the application does not boot (access.check.ts). Each brings its guard
 * along instead of relying on a global one: a global one would guard the other routes of an application that
 * imports Posthorn as a module, and ours would stand open where nobody registered it.
 */

/** Anybody, without a key. */
export const Public = () => declareAccess({ kind: 'public' });

/**
 * Anybody with a valid key of whatever scope, of the space `:space` names where the path has one; a portal link unless
 * told.
 */
export const AnyKey = ({ portal = true }: { portal?: boolean } = {}) => allow({ kind: 'any_key', portal });

/** The operator, with the admin key. */
export const AdminOnly = () => allow({ kind: 'admin' });

/**
 * A key of the space `:space` names whose scope is this one or `manage`; the admin key opens it too, and a portal link
 * unless the route says it does not. No link publishes: its holder is a customer, not the product. A route that
 * `remembers` takes callers from memory, and makes sure of the request's `remembered` itself. A route with the scope
 * `manage` names the `right` that a link needs for it; without one a link needs all.
 */
export const SpaceScope = (
  scope: KeyScope,
  { portal = scope !== 'publish', remembers = false, upserts = false, right }: SpaceScopeOptions = {},
) => allow({ kind: 'space', scope, portal, remembers, upserts, ...(right && { right }) });

interface SpaceScopeOptions {
  portal?: boolean;
  remembers?: boolean;
  /** The admin may name a space that does not exist, with `?upsertSpace=true`: the route makes it. */
  upserts?: boolean;
  right?: PortalRight;
}

/**
 * A space's key of this scope or `manage`, for the calls of a provider's API, which carry it in their own place. What a
 * provider does not know, it passes over.
 */
export const OwnSpace = (scope: KeyScope, keyOf: KeyReader) =>
  applyDecorators(declareAccess({ kind: 'own_space', scope, keyOf }), UseGuards(AccessGuard));

/** The space of the request, a `SpaceRef`. For routes with `:space` in their path, or with `OwnSpace`. */
export const CurrentSpace = createParamDecorator((_data: unknown, context: ExecutionContext): SpaceRef => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  const { space } = request;
  if (!space) throw new Error('CurrentSpace is used on a route without :space.');
  return mayChange(request) ? { ...space, by: originOf(request) } : space;
});

/** Who sent the request, a `Caller`. Not for public routes. */
export const CurrentCaller = createParamDecorator((_data: unknown, context: ExecutionContext): Caller => {
  const { caller } = context.switchToHttp().getRequest<FastifyRequest>();
  if (!caller) throw new Error('CurrentCaller is used on a public route.');
  return caller;
});

/** Published events are no changes, and too many to be told of. */
function mayChange({ method, admitted }: FastifyRequest): boolean {
  return method !== 'GET' && !(admitted?.kind === 'space' && admitted.scope === 'publish');
}

function allow(access: Access) {
  return applyDecorators(declareAccess(access), UseGuards(AccessGuard, UnexpectedInputGuard));
}

function declareAccess(access: Access) {
  const label = access.kind === 'space' || access.kind === 'own_space' ? access.scope : access.kind;
  const decorators = [
    SetMetadata(ACCESS, access),
    onFastifyRoutes(access),
    ApiExtension(ACCESS_EXTENSION, label),
  ];
  if (access.kind !== 'space') return applyDecorators(...decorators);
  decorators.push(ApiExtension(PORTAL_EXTENSION, access.portal));
  if (access.right) decorators.push(ApiExtension(RIGHT_EXTENSION, access.right));
  return applyDecorators(...decorators);
}

/**
 * Tells Fastify's route of its access, for `access-before-body.ts`; on a class, each of its routes that says nothing
 * itself.
 */
function onFastifyRoutes(access: Access): MethodDecorator & ClassDecorator {
  const setAccess = RouteConfig({ access });
  return (target: object, name?: string | symbol, descriptor?: PropertyDescriptor) => {
    if (name !== undefined && descriptor) return void setAccess(target, name, descriptor);
    const { prototype } = target as { prototype: object };
    for (const [route, own] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
      const method: unknown = own.value;
      if (typeof method !== 'function' || !Reflect.hasMetadata(PATH_METADATA, method)) continue;
      if (!Reflect.hasMetadata(ACCESS, method)) setAccess(prototype, route, own);
    }
  };
}
