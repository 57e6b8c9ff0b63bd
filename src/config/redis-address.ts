/** How to reach a Redis Cluster. Any of its nodes tells of the others. */
export interface RedisCluster {
  nodes: { host: string; port: number }[];
  username?: string;
  password?: string;
  /** Whether the nodes speak TLS. */
  isTls: boolean;
}

/** How to reach the master that Redis Sentinels watch over. */
export interface RedisSentinel {
  sentinels: { host: string; port: number }[];
  /** What the Sentinels call it. */
  master: string;
  database: number;
  username?: string;
  password?: string;
  /** The Sentinels' own, where they have any. */
  sentinelUsername?: string;
  sentinelPassword?: string;
  /** Whether all of them speak TLS. */
  isTls: boolean;
}

const DEFAULT_PORT = 6379;
const SENTINEL_PORT = 26_379;

/** Scheme, what is before the last @, nodes. */
const CLUSTER = /^redis(s?)\+cluster:\/\/(?:([^/?#]*)@)?([^@/?#]+)\/?$/i;
/** The same, the master's name, its database, parameters. */
const SENTINEL =
  /^redis(s?)\+sentinel:\/\/(?:([^/?#]*)@)?([^@/?#]+)\/([^/?#]+)(?:\/(\d{1,5}))?\/?(?:\?([^#]*))?$/i;
/** An IPv6 address in brackets, or a name or IPv4 address; a port. */
const NODE = /^(?:\[([0-9a-f:.]+)\]|([\w.-]+))(?::(\d{1,5}))?$/i;

/**
 * Reads `redis+cluster://user:password@host:port,host:port`, with `rediss+cluster:` for TLS. Null for anything else: a
 * single server, too.
 */
export function parseRedisCluster(address: string): RedisCluster | null {
  const [, tls, login, hosts = ''] = CLUSTER.exec(address) ?? [];
  if (tls === undefined) return null;
  try {
    const nodes = hosts.split(',').map((host) => parseNode(host, DEFAULT_PORT));
    const { username, password } = parseLogin(login);
    return { nodes, ...(username && { username }), ...(password && { password }), isTls: tls !== '' };
  } catch {
    return null;
  }
}

/**
 * Reads `redis+sentinel://user:password@host:port,host:port/master/database`, with `rediss+sentinel:` for TLS. User and
 * password are Redis's; Sentinels that want some of their own get them as `?sentinelUsername=…&sentinelPassword=…`.
 * Null for anything else.
 */
export function parseRedisSentinel(address: string): RedisSentinel | null {
  const [, tls, login, hosts = '', master = '', database = '0', query = ''] = SENTINEL.exec(address) ?? [];
  if (tls === undefined) return null;
  try {
    const parameters = new URLSearchParams(query);
    const { sentinelUsername, sentinelPassword, ...others } = Object.fromEntries(parameters);
    if (Object.keys(others).length > 0) return null;
    const { username, password } = parseLogin(login);
    return {
      sentinels: hosts.split(',').map((host) => parseNode(host, SENTINEL_PORT)),
      master: decodeURIComponent(master),
      database: Number(database),
      ...(username && { username }),
      ...(password && { password }),
      ...(sentinelUsername && { sentinelUsername }),
      ...(sentinelPassword && { sentinelPassword }),
      isTls: tls !== '',
    };
  } catch {
    return null;
  }
}

function parseNode(text: string, standard: number): RedisCluster['nodes'][number] {
  const [, address, name, port = standard] = NODE.exec(text.trim()) ?? [];
  const host = address ?? name;
  if (host === undefined || Number(port) < 1 || Number(port) > 65_535)
    throw new TypeError(`no host: ${text}`);
  return { host, port: Number(port) };
}

function parseLogin(login = ''): { username?: string; password?: string } {
  const [username = '', ...rest] = login.split(':');
  return { username: decodeURIComponent(username), password: decodeURIComponent(rest.join(':')) };
}
