/** How to reach a Redis Cluster. Any of its nodes tells of the others. */
export interface RedisCluster {
  nodes: { host: string; port: number }[];
  username?: string;
  password?: string;
  /** Whether the nodes speak TLS. */
  isTls: boolean;
}

const DEFAULT_PORT = 6379;

/** Scheme, what is before the last @, nodes. */
const CLUSTER = /^redis(s?)\+cluster:\/\/(?:([^/?#]*)@)?([^@/?#]+)\/?$/i;
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
    const nodes = hosts.split(',').map(parseNode);
    const { username, password } = parseLogin(login);
    return { nodes, ...(username && { username }), ...(password && { password }), isTls: tls !== '' };
  } catch {
    return null;
  }
}

function parseNode(text: string): RedisCluster['nodes'][number] {
  const [, address, name, port = DEFAULT_PORT] = NODE.exec(text.trim()) ?? [];
  const host = address ?? name;
  if (host === undefined || Number(port) < 1 || Number(port) > 65_535)
    throw new TypeError(`no host: ${text}`);
  return { host, port: Number(port) };
}

function parseLogin(login = ''): { username?: string; password?: string } {
  const [username = '', ...rest] = login.split(':');
  return { username: decodeURIComponent(username), password: decodeURIComponent(rest.join(':')) };
}
