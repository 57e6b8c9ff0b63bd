import { applyDecorators, Header, UseInterceptors } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { KeyScope } from '../../core/domain-types.js';
import { OwnSpace } from '../../spaces/access.js';
import { LeadlexRateLimit } from './leadlex-rate-limit.js';

/** What every controller of this API has: the provider's rate limit. Its own docs describe it. */
export const LeadlexApi = () => applyDecorators(ApiExcludeController(), UseInterceptors(LeadlexRateLimit));

/** Their scope `webhooks:read`. */
export const WebhooksRead = () => allow('read');

/** Their scope `webhooks:write`. */
export const WebhooksWrite = () => allow('manage');

function allow(scope: KeyScope) {
  const bearer = OwnSpace(scope, ({ headers }) => /^Bearer +(.+)$/i.exec(headers.authorization ?? '')?.[1]);
  // Answers hold secrets and payloads.
  return applyDecorators(bearer, Header('cache-control', 'no-store'));
}
