import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Actor, Origin, Via } from '../audit/origin.js';
import { publicId } from '../core/ids.js';
import type { Caller } from './access-rule.js';
import { applicationCallerOf } from './application-caller.js';

/** The header by which the command line and the dashboard say what they are. */
const CLIENT_HEADER = 'x-posthorn-client';
const MAX_USER_AGENT = 256;

/** Where a change comes from, an `Origin`. For routes that change something and have no `CurrentSpace`. */
export const CurrentOrigin = createParamDecorator(
  (_data: unknown, context: ExecutionContext): Origin | undefined =>
    originOf(context.switchToHttp().getRequest<FastifyRequest>()),
);

/** Undefined before access was granted, and on public routes. */
export function originOf(request: FastifyRequest): Origin | undefined {
  const { caller, admitted, headers } = request;
  if (!caller) return undefined;
  return {
    actor: actorOf(caller),
    via: admitted?.kind === 'own_space' ? 'provider_api' : viaOf(headers[CLIENT_HEADER]),
    ip: applicationCallerOf(request.raw)?.ip ?? request.ip,
    userAgent: headers['user-agent']?.slice(0, MAX_USER_AGENT) ?? null,
    requestId: request.id,
  };
}

function actorOf(caller: Caller): Actor {
  switch (caller.kind) {
    case 'admin':
      return { kind: 'admin', id: null, name: null };
    case 'key':
      return { kind: 'key', id: publicId('key', caller.keyId), name: caller.keyName };
    case 'person':
      return { kind: 'person', id: publicId('usr', caller.personId), name: null };
    case 'portal':
      if (caller.linkId === null) return { kind: 'application', id: null, name: caller.user ?? null };
      return { kind: 'portal_link', id: publicId('lnk', caller.linkId), name: null };
  }
}

function viaOf(client: string | string[] | undefined): Via {
  return client === 'cli' || client === 'dashboard' ? client : 'api';
}
