import { isIPv6 } from 'node:net';
import type { EgressProxy } from '../core/egress-proxy.js';
import type { ProxyHandshake } from './proxy-handshake.js';
import {
  endpointRefusedProxy,
  endpointSilentToProxy,
  proxyAuthFailed,
  proxyError,
  proxyRefused,
} from './proxy-failure.js';

const STATUS_LINE = /^HTTP\/1\.[01] (\d{3})(?:[ \r\n]|$)/;

/** Asks an HTTP proxy for a connection (RFC 9110, section 9.3.6). Throws an AttemptFailure. */
export async function connectByHttp(
  handshake: ProxyHandshake,
  { login }: EgressProxy,
  host: string,
  port: number,
): Promise<void> {
  const authority = `${isIPv6(host) ? `[${host}]` : host}:${port}`;
  const lines = [`CONNECT ${authority} HTTP/1.1`, `Host: ${authority}`];
  if (login !== null) {
    const basic = Buffer.from(`${login.username}:${login.password}`).toString('base64');
    lines.push(`Proxy-Authorization: Basic ${basic}`);
  }
  handshake.write(`${lines.join('\r\n')}\r\n\r\n`);
  const head = await handshake.read(lengthOfHead);
  const status = Number(STATUS_LINE.exec(head.toString('latin1', 0, 64))?.[1]);
  if (status >= 200 && status < 300) return;
  throw failureOfStatus(status);
}

/** Up to the empty line. Null while it has not come. */
function lengthOfHead(received: Buffer): number | null {
  const beginning = received.toString('latin1', 0, 9);
  if (!'HTTP/1.1 '.startsWith(beginning) && !'HTTP/1.0 '.startsWith(beginning))
    throw proxyError("The egress proxy's response is not that of an HTTP proxy.");
  const end = received.indexOf('\r\n\r\n');
  if (end >= 0) return end + 4;
  const bare = received.indexOf('\n\n');
  return bare >= 0 ? bare + 2 : null;
}

function failureOfStatus(status: number) {
  const answer = `it answered ${status}`;
  if (status === 407) return proxyAuthFailed(answer);
  if (status === 504) return endpointSilentToProxy(answer);
  if (status >= 500) return endpointRefusedProxy(answer);
  if (status >= 300) return proxyRefused(answer);
  return proxyError("The egress proxy's response has an invalid status.");
}
