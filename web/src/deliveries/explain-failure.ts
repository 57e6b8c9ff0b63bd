/** Why an attempt failed and what helps: one sentence for each class of failure. */

const BY_STATUS: Record<number, string> = {
  400: 'The endpoint could not read the request: check which body and event types it expects.',
  401: 'The endpoint did not accept the request’s proof: check that it verifies with this subscription’s present secret, over the raw body.',
  403: 'The endpoint or a firewall before it refuses the request: check its rules, and the headers it asks for.',
  404: 'There is nothing at this path: check the URL of the subscription and what the endpoint serves.',
  405: 'The path is there but takes no POST: check the URL, or let it accept POST.',
  408: 'The endpoint gave up waiting for the request: look at its load and at proxies before it.',
  409: 'The endpoint says the request conflicts with what it has: answer 200 for an event that it has seen before.',
  410: 'The endpoint says that it is gone for good, so the subscription was paused: change the URL, then resume it.',
  413: 'The body is too large for the endpoint: raise the limit of its server or of the proxy before it.',
  415: 'The endpoint does not take this content type: let it accept application/json.',
  422: 'The endpoint read the event and did not want its contents: compare the payload with what it expects.',
  429: 'The endpoint gets more than it allows: set a rate limit on the subscription, or raise the endpoint’s.',
  500: 'The endpoint failed while it worked on the event: its log at this time says why.',
  502: 'A proxy got no usable answer from the endpoint’s server: check that the server runs.',
  503: 'The endpoint says that it is not available: check that it runs and is not in maintenance.',
  504: 'A proxy waited too long for the endpoint’s server: answer first, then work on the event.',
};

const BY_CODE: Record<string, string> = {
  timeout:
    'No whole answer came in time: let the endpoint answer before it works on the event, or raise the time limit.',
  dns_error: 'The host name was not found: check the URL for a typing error, and the domain’s DNS records.',
  connection_refused:
    'Nothing listens at the address and port: check that the server runs, and the port in the URL.',
  connection_reset:
    'The connection was cut before the answer: look for a crash, a restart or a firewall at the endpoint.',
  tls_error:
    'The TLS connection was not accepted: check that the certificate is valid, complete with its chain, and for this host.',
  protocol_error: 'What came back is not HTTP: check that the port belongs to a web server.',
  blocked_address:
    'The host leads to an address that is not public, which is not allowed: use a public address, or ask the operator to allow it.',
  mixed_addresses:
    'The host leads to public and to private addresses, which is not allowed: remove the private ones from its DNS records.',
  proxy_unreachable:
    'The operator’s proxy could not be reached, so the endpoint was not asked: the operator has to look at the proxy.',
  proxy_auth_failed:
    'The operator’s proxy did not accept the sign-in, so the endpoint was not asked: the operator has to check its credentials.',
  proxy_refused:
    'The operator’s proxy does not let this address through: the operator has to allow it there.',
  proxy_error:
    'The operator’s proxy failed, so the endpoint was not asked: the operator has to look at the proxy.',
  oauth2_token_failed:
    'No OAuth2 token could be had, so the endpoint was not asked: check the token URL, the client’s id and its secret.',
  interrupted:
    'The attempt was cut on this side, for example by a restart; it does not count, and is made again.',
  internal: 'Posthorn itself failed here: the operator finds the reason in its log.',
};

interface Failure {
  statusCode: number | null;
  errorCode: string | null;
}

/** Null for an attempt that did not fail. */
export function explainFailure({ statusCode, errorCode }: Failure): string | null {
  if (errorCode === null) return null;
  const known = BY_CODE[errorCode];
  if (known !== undefined) return known;
  return statusCode === null ? null : explainStatus(statusCode);
}

function explainStatus(status: number): string {
  const known = BY_STATUS[status];
  if (known !== undefined) return known;
  if (status >= 300 && status < 400)
    return 'The endpoint redirects, and redirects are not followed: put the final address into the subscription’s URL.';
  if (status >= 500) return 'The endpoint’s server failed: its log at this time says why.';
  if (status >= 400) return 'The endpoint refused the request: its answer may say why.';
  return 'The endpoint answered with a code that does not count as success: answer 2xx for what it has taken.';
}
