import { applyDecorators, Header, UseInterceptors } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { KeyScope } from '../../core/domain-types.js';
import { OwnSpace } from '../../spaces/access.js';
import { SmartleadRateLimit } from './smartlead-rate-limit.js';

/** What every controller of this API has: the provider's rate limit. Its own docs describe it. */
export const SmartleadApi = () =>
  applyDecorators(ApiExcludeController(), UseInterceptors(SmartleadRateLimit));

export const Reads = () => allow('read');

export const Writes = () => allow('manage');

function allow(scope: KeyScope) {
  const inQuery = OwnSpace(scope, ({ query }) => {
    const { api_key: key } = query as { api_key?: unknown };
    return typeof key === 'string' ? key : undefined;
  });
  // The key is in the address and answers hold endpoints: neither is for a cache.
  return applyDecorators(inQuery, Header('cache-control', 'no-store'));
}
