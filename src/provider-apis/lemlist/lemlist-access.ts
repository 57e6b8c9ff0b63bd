import { applyDecorators, Header, UseInterceptors } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { KeyScope } from '../../core/domain-types.js';
import { OwnSpace } from '../../spaces/access.js';
import { LemlistRateLimit } from './lemlist-rate-limit.js';

/** What every controller of this API has: the provider's rate limit. Its own docs describe it. */
export const LemlistApi = () => applyDecorators(ApiExcludeController(), UseInterceptors(LemlistRateLimit));

/** For what only looks. */
export const Reads = () => allow('read');

/** For what changes something. */
export const Writes = () => allow('manage');

function allow(scope: KeyScope) {
  // Answers hold payloads.
  return applyDecorators(OwnSpace(scope, keyOf), Header('cache-control', 'no-store'));
}

const BASIC = /^Basic +([0-9A-Za-z+/_-]+={0,2}) *$/i;

/** The password of a Basic header whose user is empty; without the header, the parameter `access_token`. */
function keyOf({ headers: { authorization }, query }: FastifyRequest): string | undefined {
  if (authorization === undefined) {
    const { access_token: token } = query as { access_token?: unknown };
    return typeof token === 'string' ? token : undefined;
  }
  const encoded = BASIC.exec(authorization)?.[1];
  const [user, key] = encoded === undefined ? [] : split(Buffer.from(encoded, 'base64').toString());
  return user === '' ? key : undefined;
}

function split(credentials: string): string[] {
  const colon = credentials.indexOf(':');
  return colon === -1 ? [] : [credentials.slice(0, colon), credentials.slice(colon + 1)];
}
