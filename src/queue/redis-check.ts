import { randomUUID } from 'node:crypto';
import { Redis, type RedisOptions } from 'ioredis';
import { parseRedisCluster, parseRedisSentinel } from '../config/redis-address.js';
import { StartupError } from '../config/startup-error.js';
import { FIRST_PREFIX } from './shards.js';

/** A start waits no longer than this for a Redis, milliseconds. One that is away is waited for later on. */
const PATIENCE_MS = 3_000;
const REFUSED = /^(WRONGPASS|NOAUTH)/;
/** Scripts say it in their own words. */
const FORBIDDEN = /NOPERM|user executing the script can't/;
/** Node's error codes for certificates that it does not trust. */
const UNTRUSTED = /CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)|HOSTNAME_MISMATCH/;
const NO_DATABASE = /DB index is out of range|SELECT is not allowed/;
/** What the queue does with keys of every kind, on one that nobody else has. It is gone afterwards. */
const TRIAL = `
  local key = KEYS[1]
  for _, step in ipairs({
    {'SET', key, '1', 'PX', 1000},
    {'HSET', key, 'a', '1'},
    {'LPUSH', key, '1'},
    {'RPOPLPUSH', key, key},
    {'XADD', key, '*', 'a', '1'},
    {'ZADD', key, 1, 'a'},
  }) do
    local answer = redis.pcall((unpack or table.unpack)(step))
    if type(answer) == 'table' and answer.err then return answer end
    if step[1] ~= 'LPUSH' then redis.call('DEL', key) end
  end`;
/** How long it waits for a job that does not come, seconds. */
const WAIT_S = 0.01;

interface RedisNode extends RedisOptions {
  host: string;
  port: number;
  isSentinel?: boolean;
  /** A node of a Cluster, which the address says it is. */
  isCluster?: boolean;
  /** The database, where it is not the first one. */
  database?: number;
}

/**
 * Throws `StartupError` when the Redis at this address cannot be used for good: a wrong password, certificate, protocol
 * or database, missing rights, a Cluster or none. One that does not answer is no error, since it may answer later.
 */
export async function checkRedis(url: string): Promise<void> {
  if (url === '') return;
  for (const node of await nodesOf(url)) {
    const { problem, answer } = await ask(node, (redis) => tryOut(redis, node));
    if (problem) throw problem;
    if (answer !== undefined) return;
  }
}

/** Does what the queue does. On a node of a Cluster the key may be another node's. */
async function tryOut(redis: Redis, { isCluster, database = 0 }: RedisNode): Promise<unknown> {
  if (isCluster) return redis.cluster('SLOTS');
  if (database > 0) await redis.select(database);
  const key = `${FIRST_PREFIX}:check:${randomUUID()}`;
  await redis.eval(TRIAL, 1, key);
  await redis.bzpopmin(key, WAIT_S);
  return true;
}

async function nodesOf(url: string): Promise<RedisNode[]> {
  const cluster = parseRedisCluster(url);
  if (cluster) return cluster.nodes.map((node) => ({ ...node, ...loginOf(cluster), isCluster: true }));
  const sentinel = parseRedisSentinel(url);
  if (!sentinel) {
    const { hostname, port, username, password, protocol, pathname } = new URL(url);
    const host = hostname.replace(/^\[(.*)\]$/, '$1');
    const login = { username: decodeURIComponent(username), password: decodeURIComponent(password) };
    const database = Number(pathname.slice(1)) || 0;
    const address = { host, port: Number(port || 6379), database };
    return [{ ...address, ...loginOf({ ...login, isTls: protocol === 'rediss:' }) }];
  }
  const { sentinels, master, sentinelUsername, sentinelPassword, isTls } = sentinel;
  const login = loginOf({ username: sentinelUsername, password: sentinelPassword, isTls });
  let unknown: StartupError | undefined;
  for (const node of sentinels) {
    const look = (redis: Redis) => redis.call('SENTINEL', 'get-master-addr-by-name', master);
    const { problem, answer } = await ask({ ...node, ...login, isSentinel: true }, look);
    if (problem) throw problem;
    if (Array.isArray(answer))
      return [
        {
          host: String(answer[0]),
          port: Number(answer[1]),
          database: sentinel.database,
          ...loginOf(sentinel),
        },
      ];
    if (answer === null)
      unknown = new StartupError(
        `The Sentinel at ${node.host}:${node.port} does not know the master "${master}". Check REDIS_URL.`,
      );
  }
  if (unknown) throw unknown;
  return [];
}

function loginOf({
  username,
  password,
  isTls,
}: {
  username?: string | undefined;
  password?: string | undefined;
  isTls: boolean;
}) {
  return { ...(username && { username }), ...(password && { password }), ...(isTls && { tls: {} }) };
}

/** Asks one server. `answer` is undefined when it is away. */
async function ask(
  node: RedisNode,
  question: (redis: Redis) => Promise<unknown>,
): Promise<{ problem?: StartupError; answer?: unknown }> {
  const { answer, errors } = await askOnce(node, question);
  if (answer !== undefined) return { answer };
  const problem = errors.map((one) => problemOf(one, node)).find((one) => one !== null);
  if (problem) return { problem };
  // What answers with an error of Redis speaks its protocol, and may recover: it is loading, full or a replica.
  if (errors.some((error) => (error as Error).name === 'ReplyError')) return {};
  return isRefusedConnection(errors) || !(await speaksOtherProtocol(node))
    ? {}
    : { problem: wrongScheme(node) };
}

async function askOnce(node: RedisNode, question: (redis: Redis) => Promise<unknown>) {
  const errors: unknown[] = [];
  const redis = new Redis({
    ...node,
    lazyConnect: true,
    connectTimeout: PATIENCE_MS,
    retryStrategy: null,
    maxRetriesPerRequest: 0,
    enableReadyCheck: false,
    commandTimeout: PATIENCE_MS,
  });
  redis.on('error', (error) => errors.push(error));
  try {
    await redis.connect();
    return { answer: await question(redis), errors };
  } catch (error) {
    return { errors: [...errors, error] };
  } finally {
    redis.disconnect();
  }
}

function isRefusedConnection(errors: unknown[]): boolean {
  return errors.some((error) => (error as { code?: string }).code === 'ECONNREFUSED');
}

/**
 * Whether the server answers without TLS where the address says TLS, or the other way round: a plain Redis waits for
 * more when it gets a TLS handshake, and one with TLS hangs up on anything else. Sends no password.
 */
async function speaksOtherProtocol({ host, port, tls }: RedisNode): Promise<boolean> {
  const other = { host, port, ...(!tls && { tls: { rejectUnauthorized: false } }) };
  const { answer, errors } = await askOnce(other, (redis) => redis.ping());
  return answer !== undefined || errors.some((error) => REFUSED.test((error as Error).message));
}

function wrongScheme({ host, port, tls, isSentinel }: RedisNode, cause?: unknown): StartupError {
  const [does, use, instead] = tls ? ['does not speak', 'redis', 'rediss'] : ['speaks', 'rediss', 'redis'];
  return new StartupError(
    `The ${isSentinel ? 'Sentinel' : 'Redis'} at ${host}:${port} ${does} TLS. Let the address in REDIS_URL begin ` +
      `with ${use} instead of ${instead}.`,
    { cause },
  );
}

function problemOf(error: unknown, node: RedisNode): StartupError | null {
  const { host, port } = node;
  const { code = '', message = '' } = (error ?? {}) as { code?: string; message?: string };
  const server = `${node.isSentinel ? 'Sentinel' : 'Redis'} at ${host}:${port}`;
  const check = node.isSentinel ? 'sentinelUsername and sentinelPassword in REDIS_URL' : 'REDIS_URL';
  const why = message.replace(/\.$/, '');
  if (REFUSED.test(message)) {
    return new StartupError(`The ${server} refused the login: ${why}. Check ${check}.`, {
      cause: error,
    });
  }
  const other = otherProblemOf(message, node, server);
  if (other) return new StartupError(`${other} Check REDIS_URL.`, { cause: error });
  if (UNTRUSTED.test(code)) {
    return new StartupError(
      `The certificate of the ${server} is not trusted: ${why}. Name the file of its CA in ` +
        'NODE_EXTRA_CA_CERTS, or check REDIS_URL.',
      { cause: error },
    );
  }
  return code === 'ERR_SSL_WRONG_VERSION_NUMBER' ? wrongScheme(node, error) : null;
}

function otherProblemOf(message: string, { username, database }: RedisNode, server: string): string | null {
  if (FORBIDDEN.test(message)) {
    const rights = `all commands but @admin on the keys {posthorn*`;
    return `The ${server} does not let the user "${username ?? 'default'}" do what the queue does: it needs ${rights}.`;
  }
  if (NO_DATABASE.test(message)) return `The ${server} has no database ${database}.`;
  if (message.startsWith('MOVED'))
    return `The ${server} is a node of a Cluster: the address must begin with redis+cluster or rediss+cluster.`;
  if (message.includes('cluster support disabled'))
    return `The ${server} is no node of a Cluster: the address must begin with redis or rediss.`;
  return null;
}
