import type { AttemptErrorCode } from './domain-types.js';

/** What is known of an attempt that failed. Absent: not known. */
export interface FailureFacts {
  statusCode: number | null;
  errorCode: string | null;
  /** What the log says besides; of TLS it names OpenSSL's code. */
  errorDetail?: string | null;
  /** The answer's `Location`. */
  location?: string | undefined;
  /** When the attempt began, epoch milliseconds. */
  startedAt?: number;
  /** When the secret that signs became the current one, epoch milliseconds; null: with the subscription. */
  secretSince?: number | null;
  /** How long an attempt may take, milliseconds. */
  timeoutMs?: number;
}

const INTERNAL = 'Posthorn itself failed: the operator finds the reason in its log.';

type Sentence = string | ((facts: FailureFacts) => string);

const BY_STATUS: Partial<Record<number, Sentence>> = {
  400: 'The endpoint could not parse the request: check which body and event types it expects.',
  401: (facts) => `The endpoint did not accept the signature or credentials: ${secretQuestion(facts)}`,
  403: (facts) =>
    'The endpoint or a firewall in front of it refused the request: check its rules, and the headers ' +
    `that it requires${rotatedToo(facts)}.`,
  404: 'Nothing exists at this path: check the subscription’s URL.',
  405: 'The path exists but does not accept this method: check the URL and the method.',
  408: 'The endpoint stopped waiting for the request: check its load and the proxies in front of it.',
  409: 'The endpoint reports a conflict: let it respond with 200 to an event that it has received before.',
  410: 'The endpoint says that it no longer exists, so the subscription was paused: change the URL, then resume it.',
  413: 'The body is too large for the endpoint: raise the limit of its server or of the proxy in front of it.',
  415: 'The endpoint does not accept this content type: check which one it expects.',
  422: 'The endpoint rejected the contents of the event: compare the payload with what it expects.',
  429:
    'The endpoint gets more requests than it allows: set a rate limit on the subscription, or raise ' +
    'the endpoint’s limit.',
  500: 'The endpoint failed while it processed the event: check its log at this time.',
  502: 'A proxy got no valid response from the endpoint’s server: check that the server runs.',
  503: 'The endpoint is not available: check that it runs and is not in maintenance.',
  504: 'A proxy timed out waiting for the endpoint’s server: let it respond before it processes the event.',
};

type NamedCode = Exclude<AttemptErrorCode, `http_${number}`>;

const BY_CODE: Record<NamedCode, Sentence> = {
  timeout: ({ timeoutMs }) =>
    `The response was not complete in time${timeoutMs === undefined ? '' : `, which is ${timeoutMs / 1_000} s`}: ` +
    'let the endpoint respond before it processes the event, or raise the timeout.',
  dns_error: 'The host name was not found: check the URL for a typo, and the domain’s DNS records.',
  connection_refused:
    'Nothing listens at the address and port: check that the server runs, and the port in the URL.',
  connection_reset:
    'The connection was closed before the response: look for a crash, a restart or a firewall at the endpoint.',
  tls_error: tlsSentence,
  protocol_error: 'The response is not HTTP: check that the port belongs to a web server.',
  blocked_address:
    'The host has a private address, which is not allowed: use a public address, or ask the operator to allow it.',
  mixed_addresses:
    'The host has both public and private addresses, which is not allowed: remove the private ones ' +
    'from its DNS records.',
  proxy_unreachable:
    'The operator’s proxy could not be reached, so nothing was sent to the endpoint: the operator has ' +
    'to check the proxy.',
  proxy_auth_failed:
    'The operator’s proxy refused its credentials, so nothing was sent to the endpoint: the operator ' +
    'has to check them.',
  proxy_refused: 'The operator’s proxy does not allow this address: the operator has to allow it there.',
  proxy_error:
    'The operator’s proxy failed, so nothing was sent to the endpoint: the operator has to check the proxy.',
  oauth2_token_failed:
    'No OAuth2 token was issued, so nothing was sent to the endpoint: check the token URL, the client ' +
    'id and the secret.',
  template_failed:
    'The body’s template failed for this event, so no request was sent: correct the template, then retry.',
  conversion_failed:
    'The event could not be converted to the version of its type that the subscription is pinned to: ' +
    'correct the conversion, or the pin.',
  interrupted:
    'Posthorn interrupted the attempt, for example by a restart. It does not count and is repeated.',
  internal: INTERNAL,
};

/** Reasons by OpenSSL's and Node's codes, which the log's detail names. */
const TLS: [code: string, sentence: string][] = [
  ['CERT_HAS_EXPIRED', 'The endpoint’s TLS certificate has expired: renew it.'],
  ['CERT_NOT_YET_VALID', 'The endpoint’s TLS certificate is not valid yet: check its dates and the clocks.'],
  ['ALTNAME_INVALID', 'The endpoint’s TLS certificate is for another host name: get one for the URL’s host.'],
  [
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'The endpoint sends its TLS certificate without the intermediate certificates: let its server ' +
      'send the whole chain.',
  ],
  [
    'UNABLE_TO_GET_ISSUER_CERT',
    'The endpoint’s TLS certificate is by an issuer that is not trusted, or its chain is not ' +
      'complete: send the whole chain, or use a public issuer.',
  ],
  [
    'SELF_SIGNED_CERT',
    'The endpoint’s TLS certificate is self-signed, which is not trusted: use one by a public issuer.',
  ],
  [
    '_ALERT_',
    'The endpoint ended the TLS handshake: check its TLS version, and whether it wants a client certificate.',
  ],
];

/** Why an attempt failed and what helps, in a sentence; null for one that did not fail. */
export function explainFailure(facts: FailureFacts): string | null {
  const { statusCode, errorCode } = facts;
  if (errorCode === null) return null;
  const known = Object.hasOwn(BY_CODE, errorCode) ? BY_CODE[errorCode as NamedCode] : undefined;
  const sentence = known ?? (statusCode === null ? undefined : (BY_STATUS[statusCode] ?? byClass));
  return typeof sentence === 'function' ? sentence(facts) : (sentence ?? INTERNAL);
}

function byClass({ statusCode, location }: FailureFacts): string {
  const status = statusCode ?? 0;
  if (status >= 300 && status < 400) {
    const to = shownUrl(location);
    return (
      `The endpoint redirects${to === null ? '' : ` to ${to}`}, and redirects are not followed: use the ` +
      'final address as the subscription’s URL.'
    );
  }
  if (status >= 500) return 'The endpoint’s server failed: check its log at this time.';
  if (status >= 400) return 'The endpoint refused the request: its response may say why.';
  return (
    'The endpoint responded with a status that does not count as success: let it respond with 2xx to ' +
    'what it accepts.'
  );
}

function tlsSentence({ errorDetail }: FailureFacts): string {
  const found = TLS.find(([code]) => errorDetail?.includes(code));
  return (
    found?.[1] ??
    'The TLS connection failed: check that the certificate is valid for this host and sent with its whole chain.'
  );
}

function secretQuestion(facts: FailureFacts): string {
  const age = rotatedBefore(facts);
  if (age === null) return 'check that it verifies the raw body with this subscription’s current secret.';
  return `does it verify with the right secret? The secret was rotated ${age} before this attempt.`;
}

function rotatedToo(facts: FailureFacts): string {
  const age = rotatedBefore(facts);
  return age === null ? '' : `, and whether it knows the secret, which was rotated ${age} before`;
}

/** A rotation of long ago explains nothing. */
const RECENT_MS = 30 * 86_400_000;

/** How long before the attempt the secret was rotated; null where it was not, or long before. */
function rotatedBefore({ startedAt, secretSince }: FailureFacts): string | null {
  if (startedAt === undefined || typeof secretSince !== 'number') return null;
  const ms = startedAt - secretSince;
  return ms < 0 || ms > RECENT_MS ? null : inWords(ms);
}

function inWords(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return 'less than a minute';
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} days`;
}

/** An endpoint's text is only repeated where it is a plain URL. */
function shownUrl(location: string | undefined): string | null {
  return location !== undefined && /^https?:\/\/[\x21-\x7e]{1,300}$/i.test(location) ? location : null;
}
