import { createHash } from 'node:crypto';
import { checkEndpointUrl, type UrlRules } from './endpoint-url.js';
import type { Issue } from './errors.js';

export const OAUTH2_METHODS = ['client_secret_basic', 'client_secret_post'] as const;
export type OAuth2Method = (typeof OAUTH2_METHODS)[number];

/** How to get tokens for an endpoint: the client credentials grant (RFC 6749, section 4.4). */
export interface OAuth2Client {
  tokenUrl: string;
  clientId: string;
  clientSecret: string;
  scope?: string | undefined;
  audience?: string | undefined;
  /** How the client proves itself to the token server. Default `client_secret_basic`. */
  authMethod?: OAuth2Method | undefined;
}

/** Whose tokens: clients with the same key share them. */
export interface TokenOwner {
  /** Of space and client; tells nothing about the secret. */
  key: string;
  spaceId: string;
  client: OAuth2Client;
}

export function tokenOwner(spaceId: string, client: OAuth2Client): TokenOwner {
  const { tokenUrl, clientId, clientSecret, scope, audience, authMethod } = client;
  const parts = [spaceId, tokenUrl, clientId, clientSecret, scope, audience, authMethod];
  return { key: createHash('sha256').update(JSON.stringify(parts)).digest('hex'), spaceId, client };
}

/** Printable ASCII, also with blanks inside (RFC 6749, appendix A). */
const PRINTABLE = /^[\x20-\x7e]+$/;

/** What is wrong with it, beyond its shape. */
export function checkOAuth2(client: OAuth2Client, rules: UrlRules): Issue[] {
  const issues = checkEndpointUrl(client.tokenUrl, rules).map((each) => ({
    ...each,
    path: 'oauth2.tokenUrl',
  }));
  for (const field of ['clientId', 'clientSecret', 'scope', 'audience'] as const) {
    const value = client[field];
    if (value !== undefined && !PRINTABLE.test(value))
      issues.push({
        path: `oauth2.${field}`,
        code: 'invalid_value',
        message: 'Use printable ASCII characters only, at least one.',
      });
  }
  return issues;
}
