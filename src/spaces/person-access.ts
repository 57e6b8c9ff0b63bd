import type { FastifyRequest } from 'fastify';
import { Forbidden, NotFound } from '../core/errors.js';
import { higherRole, isAtLeast, type Role } from '../core/roles.js';
import { isCrossSite } from '../http/cross-site.js';
import type { PersonCaller } from './access-rule.js';
import { roleFor } from './route-roles.js';
import type { SpaceRef } from './space-ref.js';

/** The header that pages of other sites cannot send without asking, and are not answered when they ask. */
const OWN_HEADER = 'x-posthorn-client';

/**
 * Browsers send a cookie with every request, whoever caused it. A request that changes something has to come from our
 * own pages. Throws Forbidden.
 */
export function checkOwnPage({ method, headers }: FastifyRequest, publicUrl: string): void {
  if (method === 'GET' || method === 'HEAD') return;
  const host = URL.canParse(publicUrl) ? new URL(publicUrl).host : undefined;
  if (!isCrossSite({ method, headers, host }) && headers[OWN_HEADER] !== undefined) return;
  throw new Forbidden(
    `A request that changes something with a session must come from Posthorn's own pages, with the header ` +
      `"${OWN_HEADER}". Use a key instead.`,
  );
}

/** What a person may do in a space, or in all of them. */
function roleIn({ instanceRole, spaces }: PersonCaller, space: SpaceRef | undefined): Role | null {
  return space ? higherRole(instanceRole, spaces.get(space.id) ?? null) : instanceRole;
}

/**
 * Gives the person with their role for this request. Throws NotFound for a space where they have no role, as if it did
 * not exist, and Forbidden for what needs a higher one.
 */
export function admitPerson(
  request: Pick<FastifyRequest, 'method' | 'routeOptions'>,
  person: PersonCaller,
  space: SpaceRef | undefined,
): PersonCaller {
  const role = roleIn(person, space);
  if (space && role === null) throw new NotFound('space');
  const needed = roleFor(request.method, request.routeOptions.url);
  if (needed === undefined) throw new Forbidden('This call is not for people: use a key.');
  if (needed !== 'signed_in' && !isAtLeast(role, needed))
    throw new Forbidden(
      `This call needs the role "${needed}"${space ? ' in the space' : ' in all spaces'}; you have ` +
        `${role === null ? 'none' : `"${role}"`}.`,
    );
  return { ...person, role };
}
