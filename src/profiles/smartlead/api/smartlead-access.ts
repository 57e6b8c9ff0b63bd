import { applyDecorators, Header, UseFilters, UseInterceptors } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { KeyScope } from '../../../core/words.js';
import { OwnSpace } from '../../../spaces/access.js';
import { SmartleadRate } from './smartlead-rate.js';
import { SmartleadFilter } from './smartlead.filter.js';

/** What every controller of this surface has: the provider's errors and its rate limit. Its own docs describe it. */
export const SmartleadSurface = () =>
  applyDecorators(ApiExcludeController(), UseFilters(SmartleadFilter), UseInterceptors(SmartleadRate));

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
