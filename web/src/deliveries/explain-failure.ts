/** Why an attempt failed and what helps: one sentence for each class of failure. */

const BY_STATUS: Record<number, string> = {
  400: 'The endpoint could not parse the request: check which body and event types it expects.',
  401: 'The endpoint did not accept the signature or credentials: check that it verifies the raw body with this subscription’s current secret.',
  403: 'The endpoint or a firewall in front of it refused the request: check its rules, and the headers that it requires.',
  404: 'Nothing exists at this path: check the subscription’s URL.',
  405: 'The path exists but does not accept this method: check the URL and the method.',
  408: 'The endpoint stopped waiting for the request: check its load and the proxies in front of it.',
  409: 'The endpoint reports a conflict: let it respond with 200 to an event that it has received before.',
  410: 'The endpoint says that it no longer exists, so the subscription was paused: change the URL, then resume it.',
  413: 'The body is too large for the endpoint: raise the limit of its server or of the proxy in front of it.',
  415: 'The endpoint does not accept this content type: check which one it expects.',
  422: 'The endpoint rejected the contents of the event: compare the payload with what it expects.',
  429: 'The endpoint gets more requests than it allows: set a rate limit on the subscription, or raise the endpoint’s limit.',
  500: 'The endpoint failed while it processed the event: check its log at this time.',
  502: 'A proxy got no valid response from the endpoint’s server: check that the server runs.',
  503: 'The endpoint is not available: check that it runs and is not in maintenance.',
  504: 'A proxy timed out waiting for the endpoint’s server: let it respond before it processes the event.',
};

const BY_CODE: Record<string, string> = {
  timeout:
    'The response was not complete in time: let the endpoint respond before it processes the event, or raise the timeout.',
  dns_error: 'The host name was not found: check the URL for a typo, and the domain’s DNS records.',
  connection_refused:
    'Nothing listens at the address and port: check that the server runs, and the port in the URL.',
  connection_reset:
    'The connection was closed before the response: look for a crash, a restart or a firewall at the endpoint.',
  tls_error:
    'The TLS connection failed: check that the certificate is valid for this host and sent with its whole chain.',
  protocol_error: 'The response is not HTTP: check that the port belongs to a web server.',
  blocked_address:
    'The host has a private address, which is not allowed: use a public address, or ask the operator to allow it.',
  mixed_addresses:
    'The host has both public and private addresses, which is not allowed: remove the private ones from its DNS records.',
  proxy_unreachable:
    'The operator’s proxy could not be reached, so nothing was sent to the endpoint: the operator has to check the proxy.',
  proxy_auth_failed:
    'The operator’s proxy refused its credentials, so nothing was sent to the endpoint: the operator has to check them.',
  proxy_refused: 'The operator’s proxy does not allow this address: the operator has to allow it there.',
  proxy_error:
    'The operator’s proxy failed, so nothing was sent to the endpoint: the operator has to check the proxy.',
  oauth2_token_failed:
    'No OAuth2 token was issued, so nothing was sent to the endpoint: check the token URL, the client id and the secret.',
  interrupted:
    'Posthorn interrupted the attempt, for example by a restart. It does not count and is repeated.',
  internal: 'Posthorn itself failed: the operator finds the reason in its log.',
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
    return 'The endpoint redirects, and redirects are not followed: use the final address as the subscription’s URL.';
  if (status >= 500) return 'The endpoint’s server failed: check its log at this time.';
  if (status >= 400) return 'The endpoint refused the request: its response may say why.';
  return 'The endpoint responded with a status that does not count as success: let it respond with 2xx to what it accepts.';
}
