import { percentDecoded } from '../lib/percent-decoded.js';

/** One server of a database. */
export interface DatabaseHost {
  host: string;
  port: number;
}

/** How to reach a PostgreSQL, on one server or on one of several. */
export interface DatabaseAddress {
  /** For pg, which knows one host only: the address with the first one. */
  url: string;
  /** In the order they are tried. */
  hosts: DatabaseHost[];
  /** Whether a server that takes no writes is left out. */
  isWritable: boolean;
  database: string;
  user: string;
}

const DEFAULT_PORT = 5432;

/** Scheme, what is before the last @, hosts, path, parameters. */
const ADDRESS = /^(postgres(?:ql)?:)\/\/(?:([^/?#]*)@)?([^@/?#]*)(\/[^?#]*)?(\?[^#]*)?$/i;
/** An IPv6 address in brackets, or a name or IPv4 address; a port. */
const HOST = /^(?:\[([0-9a-f:.%]+)\]|([\w.%-]+))(?::(\d{1,5}))?$/i;
const REQUIRES_WRITES: Record<string, boolean> = { any: false, 'read-write': true, primary: true };

/**
 * Reads `postgres://user:password@host:port,host:port/database?target_session_attrs=read-write`, as libpq has it. Null
 * for anything else. Of several servers the one that takes writes is meant, unless the address says `any`: without it
 * nothing works.
 */
export function parseDatabaseAddress(text: string): DatabaseAddress | null {
  const [, scheme, login, authority = '', path = '', query = ''] = ADDRESS.exec(text) ?? [];
  if (scheme === undefined) return null;
  const parameters = new URLSearchParams(query);
  const named = parameters.get('host');
  const texts = named === null || named === '' ? authority : named;
  const ports = (parameters.get('port') ?? '').split(',').filter(Boolean);
  const hosts = texts.split(',').map((part, index) => parseHost(part, ports[index] ?? ports[0]));
  const attributes = parameters.get('target_session_attrs');
  const isWritable = attributes === null ? hosts.length > 1 : REQUIRES_WRITES[attributes];
  const [first] = hosts;
  if (!first || hosts.includes(null) || isWritable === undefined) return null;
  if (hosts.length > 1) {
    for (const name of ['host', 'port']) parameters.delete(name);
  }
  parameters.delete('target_session_attrs');
  const server = hosts.length > 1 || named === null ? `${bracketed(first)}:${first.port}` : authority;
  const search = parameters.size > 0 ? `?${parameters.toString()}` : '';
  const url = `${scheme}//${login === undefined ? '' : `${login}@`}${server}${path}${search}`;
  return URL.canParse(url) ? { url, hosts: hosts as DatabaseHost[], isWritable, ...whoAndWhat(url) } : null;
}

/** `host1:5432, host2:5432` */
export function describeHosts({ hosts }: DatabaseAddress): string {
  return hosts.map((one) => `${bracketed(one)}:${one.port}`).join(', ');
}

function parseHost(text: string, port: string | number = DEFAULT_PORT): DatabaseHost | null {
  // The folder of a Unix socket.
  if (text.startsWith('/')) return { host: text, port: Number(port) };
  const [, address, name, own = port] = HOST.exec(text.trim()) ?? [];
  const host = address ?? name;
  if (host === undefined || !(Number(own) >= 1 && Number(own) <= 65_535)) return null;
  return { host, port: Number(own) };
}

function bracketed({ host }: DatabaseHost): string {
  return host.includes(':') ? `[${host}]` : host;
}

function whoAndWhat(url: string): { database: string; user: string } {
  const { pathname, username } = new URL(url);
  const user = percentDecoded(username);
  return { database: percentDecoded(pathname.slice(1)) || user, user };
}
