import { percentDecoded } from '../lib/percent-decoded.js';

/** A proxy through which requests to endpoints leave. */
export interface EgressProxy {
  kind: 'http' | 'https' | 'socks5';
  hostname: string;
  port: number;
  /** Null without credentials. */
  login: { username: string; password: string } | null;
  /** Whether the proxy resolves endpoints' names (`socks5h`). */
  resolvesNames: boolean;
}

const DEFAULT_PORTS = { http: 80, https: 443, socks5: 1080 };

/** Scheme, what is before the last @, an IPv6 address in brackets or a name or IPv4 address, port. */
const FORM =
  /^(https?|socks5h?):\/\/(?:(.*)@)?(?:\[([0-9a-f:.]+)\]|([a-z0-9_](?:[\w.-]*[a-z0-9_])?))(?::(\d{1,5}))?\/?$/i;

/** SOCKS5 has one byte for the length of each (RFC 1929). */
const MAX_LOGIN_BYTES = 255;

/** Reads `http://user:password@host:port`, `https:`, `socks5:` and `socks5h:`. Null for anything else. */
export function parseEgressProxy(text: string): EgressProxy | null {
  const [, scheme = '', login, address, name = '', portText] = FORM.exec(text) ?? [];
  if (scheme === '') return null;
  const given = scheme.toLowerCase();
  const kind = given.startsWith('socks5') ? 'socks5' : (given as 'http' | 'https');
  const port = portText === undefined ? DEFAULT_PORTS[kind] : Number(portText);
  const credentials = login === undefined ? null : parseLogin(login);
  if (port < 1 || port > 65_535 || (credentials !== null && !isUsable(credentials, kind))) return null;
  return { kind, hostname: address ?? name, port, login: credentials, resolvesNames: given === 'socks5h' };
}

function parseLogin(login: string): { username: string; password: string } {
  const [username = '', ...rest] = login.split(':');
  return { username: percentDecoded(username), password: percentDecoded(rest.join(':')) };
}

function isUsable({ username, password }: { username: string; password: string }, kind: string): boolean {
  if (username === '') return false;
  // Basic authentication ends the user name at the first colon (RFC 7617).
  if (kind !== 'socks5') return !username.includes(':');
  return Buffer.byteLength(username) <= MAX_LOGIN_BYTES && Buffer.byteLength(password) <= MAX_LOGIN_BYTES;
}
