import type { CanActivate, ModuleMetadata, Type } from '@nestjs/common';
import { StartupError } from '../config/startup-error.js';
import type { PortalScope } from '../spaces/portal-link.js';
import type { PortalRight } from '../spaces/portal-rights.js';

/** Whom a request of the application comes from. */
export interface HostTenant {
  /** The uid of the space, made on first use: 1 to 64 letters, digits, `-` or `_`. */
  uid: string;
  /** What people call it. Default: the uid, for a new one. */
  name?: string;
  /** `read` looks, `manage` also changes. Default `manage`. */
  scope?: PortalScope;
  /** What `manage` is for; left out: all. `edit`, `retry`, `secrets`, `test`. */
  rights?: readonly PortalRight[];
  /** Who it is, for the audit log. */
  user?: string;
}

/** The API and the dashboard of one's own space in the application, for its signed-in customers. */
export interface PosthornHttpOptions {
  /** Where they are, such as `/webhooks`. Below the application's global prefix, if it has one. */
  path: string;
  /** The application's guards, which decide who comes in. At least one. */
  guards: (Type<CanActivate> | CanActivate)[];
  /**
   * The space of a request that the guards let in: its uid, or more; null: there is none, 403. `request` is what your
   * guards got, of Express or Fastify. Take it from what they found out (`request.user`), never from what a client may
   * write. Called for each request; what it throws is answered by the application.
   */
  tenantOf: (request: never) => TenantAnswer | Promise<TenantAnswer>;
  /** Modules whose providers the guards need. Those of global modules are there without. */
  imports?: ModuleMetadata['imports'];
  /** Whether the dashboard is there, too. Default: where the package `@posthorn/dashboard` is installed. */
  dashboard?: boolean;
}

export type TenantAnswer = string | HostTenant | null | undefined;

const PATH = /^\/?[A-Za-z0-9_~-][A-Za-z0-9._~-]*(?:\/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*\/?$/;

/** Throws `StartupError` unless a path, a guard and `tenantOf` are there: without them it would stand open. */
export function checkHttpOptions(http: Partial<PosthornHttpOptions>): PosthornHttpOptions {
  const { path, guards, tenantOf } = http;
  const problems: string[] = [];
  if (typeof path !== 'string' || !PATH.test(path))
    problems.push('PosthornModule: http.path: name the path in your application, e.g. /webhooks.');
  if (!Array.isArray(guards) || guards.length === 0 || !guards.every(isGuard))
    problems.push(
      'PosthornModule: http.guards: name the guard that lets your signed-in customers in, e.g. ' +
        '[SessionGuard]. Without one everybody could use it.',
    );
  if (typeof tenantOf !== 'function')
    problems.push(
      'PosthornModule: http.tenantOf: give a function that tells the space of a request, e.g. (request) ' +
        '=> request.user.accountId. Without it customers would see each other.',
    );
  if (problems.length > 0) throw new StartupError(problems);
  return http as PosthornHttpOptions;
}

function isGuard(guard: unknown): boolean {
  if (typeof guard === 'function') return true;
  return typeof (guard as Partial<CanActivate> | null)?.canActivate === 'function';
}
