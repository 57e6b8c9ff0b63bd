import { isIP } from 'node:net';
import { ipv6Bytes } from '../lib/ip-address.js';
import type { EgressProxy } from '../core/egress-proxy.js';
import type { AttemptFailure } from './attempt-outcome.js';
import type { ProxyHandshake } from './proxy-handshake.js';
import {
  endpointRefusedProxy,
  endpointSilentToProxy,
  proxyAuthFailed,
  proxyError,
  proxyRefused,
} from './proxy-failure.js';

const VERSION = 5;
const NO_LOGIN = 0;
const BY_PASSWORD = 2;
const CONNECT = 1;
const IPV4 = 1;
const NAME = 3;
const IPV6 = 4;

/**
 * Asks a SOCKS5 proxy for a connection (RFC 1928, RFC 1929). `onGreeted`: it has answered a first time. Throws an
 * AttemptFailure.
 */
export async function connectBySocks5(
  handshake: ProxyHandshake,
  { login }: EgressProxy,
  host: string,
  port: number,
  onGreeted: () => void,
): Promise<void> {
  handshake.write(Buffer.from(login === null ? [VERSION, 1, NO_LOGIN] : [VERSION, 2, NO_LOGIN, BY_PASSWORD]));
  const [version, method] = await handshake.read(() => 2);
  if (version !== VERSION) throw proxyError("The egress proxy's response is not that of a SOCKS5 proxy.");
  onGreeted();
  if (method === BY_PASSWORD && login !== null) await logIn(handshake, login);
  else if (method !== NO_LOGIN)
    throw proxyAuthFailed('it accepts none of the configured authentication methods');
  handshake.write(Buffer.concat([Buffer.from([VERSION, CONNECT, 0]), addressOf(host), portOf(port)]));
  const reply = await handshake.read(lengthOfReply);
  if (reply[1] !== 0) throw failureOfReply(reply[1] ?? 0);
}

async function logIn(
  handshake: ProxyHandshake,
  { username, password }: { username: string; password: string },
): Promise<void> {
  handshake.write(Buffer.concat([Buffer.from([1]), prefixed(username), prefixed(password)]));
  const answer = await handshake.read(() => 2);
  if (answer[1] !== 0) throw proxyAuthFailed('the user name or password is wrong');
}

function prefixed(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from([bytes.length]), bytes]);
}

function addressOf(host: string): Buffer {
  const family = isIP(host);
  if (family === 4) return Buffer.from([IPV4, ...host.split('.').map(Number)]);
  if (family === 6) return Buffer.from([IPV6, ...ipv6Bytes(host)]);
  return Buffer.concat([Buffer.from([NAME]), prefixed(host)]);
}

function portOf(port: number): Buffer {
  return Buffer.from([port >> 8, port & 0xff]);
}

/** Version, reply, reserved, the kind of the address that follows, a port. */
function lengthOfReply(received: Buffer): number | null {
  if (received.length > 0 && received[0] !== VERSION)
    throw proxyError("The egress proxy's response is not that of a SOCKS5 proxy.");
  // A refusal is complete without the address, which some proxies leave out.
  if (received.length >= 2 && received[1] !== 0) return 2;
  if (received.length < 5) return null;
  const kind = received[3];
  if (kind === IPV4) return 10;
  if (kind === IPV6) return 22;
  if (kind === NAME) return 7 + (received[4] ?? 0);
  throw proxyError("The egress proxy's response is not that of a SOCKS5 proxy.");
}

function failureOfReply(reply: number): AttemptFailure {
  if (reply === 2) return proxyRefused('its rules do not allow it');
  if (reply === 6) return endpointSilentToProxy('the connection timed out');
  if (reply === 7) return proxyRefused('it does not support connections');
  if (reply === 8) return proxyRefused("it does not know the endpoint's kind of address");
  return endpointRefusedProxy(REASONS[reply] ?? `it answered ${reply}`);
}

const REASONS: Record<number, string> = {
  1: 'it gave no reason',
  3: 'it has no route to its network',
  4: 'it has no route to its host',
  5: 'the endpoint refused the connection',
};
