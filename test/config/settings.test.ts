import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSettings, VARIABLES } from '../../src/config/read-settings.js';
import { parseRedisCluster, parseRedisSentinel } from '../../src/config/redis-address.js';
import { Settings } from '../../src/config/settings.js';
import { StartupError } from '../../src/config/startup-error.js';

const KEY = Buffer.alloc(32, 7).toString('base64');
const CA_FILE = join(import.meta.dirname, '../fixtures/tls/ca.pem');
const FLEET = {
  DATABASE_URL: 'postgres://posthorn:hunter2@db.internal:5432/posthorn',
  POSTHORN_ADMIN_KEY: 'phk_admin_0123456789abcdef',
  POSTHORN_ENCRYPTION_KEYS: KEY,
};

function problems(env: NodeJS.ProcessEnv): string[] {
  try {
    readSettings(env);
  } catch (error) {
    if (error instanceof StartupError) return error.problems;
    throw error;
  }
  return [];
}

describe('reading settings', () => {
  it('gives the defaults for an empty environment, and for variables that are set but blank', () => {
    expect(readSettings({})).toEqual(new Settings());
    expect(readSettings({ PORT: '', DATABASE_URL: ' ', POSTHORN_PAUSE_AFTER: '', PATH: '/bin' })).toEqual(
      new Settings(),
    );
  });

  it('understands every variable', () => {
    const settings = readSettings({
      ...FLEET,
      HOST: '0.0.0.0',
      PORT: '0',
      POSTHORN_ROLE: 'worker',
      REDIS_URL: 'rediss://cache:6380',
      POSTHORN_QUEUE_SHARDS: '8',
      POSTHORN_DATA_DIR: '/srv/posthorn',
      POSTHORN_ENCRYPTION_KEYS: `${KEY}, ${KEY}`,
      POSTHORN_ALLOW_HTTP: 'true',
      POSTHORN_ALLOW_TARGETS: '10.0.0.0/8, fd00::/8',
      POSTHORN_EGRESS_PROXY: 'socks5h://user:p%40ss@proxy.internal',
      POSTHORN_EGRESS_NO_PROXY: '.internal, 10.0.0.0/8, [::1]',
      POSTHORN_EGRESS_ALWAYS_PROXY: 'strict.example:8443',
      POSTHORN_EGRESS_PROXY_DNS: 'proxy',
      POSTHORN_EGRESS_CA_FILE: CA_FILE,
      POSTHORN_EGRESS_SOURCE_ADDRESS: '192.0.2.1, 2001:db8::1',
      POSTHORN_EGRESS_TLS_MIN: '1.3',
      POSTHORN_TRUST_PROXY: '127.0.0.1/32, 10.0.0.0/8',
      POSTHORN_RETRY_SCHEDULE: '0, 5,604800',
      POSTHORN_PAUSE_AFTER: '25',
      POSTHORN_RETENTION_DAYS: '7',
      POSTHORN_HEALTH_PORT: '9091',
      POSTHORN_DRAIN_DELAY_MS: '1000',
      POSTHORN_SHUTDOWN_GRACE_MS: '0',
      POSTHORN_SWEEP_INTERVAL_MS: '500',
      POSTHORN_LEASE_GRACE_MS: '5000',
      POSTHORN_PUBLIC_URL: 'https://example.com/posthorn/',
      POSTHORN_PORTAL_FRAME_ANCESTORS: 'https://app.example.com, http://localhost:3000',
      POSTHORN_PORTAL_ACCENT: '#3355ff',
      POSTHORN_PORTAL_LOGO_URL: 'https://example.com/logo.svg',
      POSTHORN_TEST_RECEIVER: 'true',
      POSTHORN_PROVIDER_LIMITS: 'true',
      LOG_LEVEL: 'debug',
    });
    expect(settings).toEqual(
      Object.assign(new Settings(), {
        healthPort: 9091,
        drainDelayMs: 1_000,
        databaseUrl: FLEET.DATABASE_URL,
        adminKey: FLEET.POSTHORN_ADMIN_KEY,
        host: '0.0.0.0',
        port: 0,
        role: 'worker',
        redisUrl: 'rediss://cache:6380',
        queueShards: 8,
        dataDir: '/srv/posthorn',
        encryptionKeys: [KEY, KEY],
        allowHttp: true,
        allowTargets: ['10.0.0.0/8', 'fd00::/8'],
        egressProxy: {
          ...{ kind: 'socks5', hostname: 'proxy.internal', port: 1080, resolvesNames: true },
          login: { username: 'user', password: 'p@ss' },
        },
        egressNoProxy: ['.internal', '10.0.0.0/8', '[::1]'],
        egressAlwaysProxy: ['strict.example:8443'],
        egressProxyDns: 'proxy',
        egressCaFile: CA_FILE,
        egressSourceAddress: ['192.0.2.1', '2001:db8::1'],
        egressTlsMin: '1.3',
        trustProxy: ['127.0.0.1/32', '10.0.0.0/8'],
        retrySchedule: [0, 5, 604800],
        pauseAfter: 25,
        retentionDays: 7,
        shutdownGraceMs: 0,
        sweepIntervalMs: 500,
        leaseGraceMs: 5_000,
        publicUrl: 'https://example.com/posthorn',
        portalFrameAncestors: ['https://app.example.com', 'http://localhost:3000'],
        portalAccent: '#3355ff',
        portalLogoUrl: 'https://example.com/logo.svg',
        testReceiver: true,
        providerLimits: true,
        logLevel: 'debug',
      }),
    );
  });

  it('takes an empty schedule as one attempt, and "never" as no pause', () => {
    const settings = readSettings({ POSTHORN_RETRY_SCHEDULE: '', POSTHORN_PAUSE_AFTER: 'never' });
    expect(settings.retrySchedule).toEqual([]);
    expect(settings.pauseAfter).toBeNull();
  });

  it.each([
    ['PORT', '80a', 'PORT: "80a" is not a port, e.g. 8080.'],
    ['PORT', '65536', 'PORT: "65536" is not a port, e.g. 8080.'],
    ['HOST', 'local host', expect.stringContaining('HOST: "local host" is not')],
    ['POSTHORN_ROLE', 'both', 'POSTHORN_ROLE: "both" is not one of all, api, worker.'],
    [
      'POSTHORN_RETRY_SCHEDULE',
      '5,abc',
      expect.stringContaining('"5,abc" is not a list of seconds, e.g. 5,30,300'),
    ],
    ['POSTHORN_RETRY_SCHEDULE', '5,,30', expect.stringContaining('is not a list of seconds')],
    ['POSTHORN_RETRY_SCHEDULE', '604801', expect.stringContaining('is not a list of seconds')],
    ['POSTHORN_RETRY_SCHEDULE', Array(21).fill('1').join(), expect.stringContaining('up to 20')],
    ['POSTHORN_PAUSE_AFTER', '0', expect.stringContaining('or never')],
    ['POSTHORN_ALLOW_TARGETS', '10.0.0.0', expect.stringContaining('is not a list of CIDR blocks')],
    ['POSTHORN_TRUST_PROXY', 'true', expect.stringContaining('is not a list of CIDR blocks')],
    ['POSTHORN_ALLOW_TARGETS', '10.0.0.0/33', expect.stringContaining('is not a list of CIDR blocks')],
    ['POSTHORN_ALLOW_TARGETS', '10.0.0.0/0008', expect.stringContaining('is not a list of CIDR blocks')],
    ['POSTHORN_ALLOW_TARGETS', 'fe80::1%eth0/64', expect.stringContaining('is not a list of CIDR blocks')],
    ['POSTHORN_EGRESS_NO_PROXY', 'a b', expect.stringContaining('is not a list of hosts')],
    [
      'POSTHORN_EGRESS_ALWAYS_PROXY',
      'strict.example',
      expect.stringContaining('set POSTHORN_EGRESS_PROXY, too'),
    ],
    [
      'POSTHORN_EGRESS_CA_FILE',
      '/no/such/file.pem',
      expect.stringContaining('is not a file with certificates'),
    ],
    ['POSTHORN_EGRESS_CA_FILE', import.meta.filename, expect.stringContaining('is not a file with')],
    ['POSTHORN_EGRESS_SOURCE_ADDRESS', 'eth0', expect.stringContaining('is not an address of this machine')],
    ['POSTHORN_EGRESS_SOURCE_ADDRESS', '10.0.0.1,10.0.0.2', expect.stringContaining('one of each family')],
    ['POSTHORN_EGRESS_TLS_MIN', '1.1', expect.stringContaining('is not one of 1.2, 1.3')],
    ['POSTHORN_ALLOW_HTTP', 'yes', expect.stringContaining('is not true or false')],
    ['POSTHORN_RETENTION_DAYS', '1.5', expect.stringContaining('is not a number of days')],
    [
      'POSTHORN_PUBLIC_URL',
      'https://a.example/x?y',
      expect.stringContaining('is not the address of this API'),
    ],
    [
      'POSTHORN_PUBLIC_URL',
      'https://a.example/x"y',
      expect.stringContaining('is not the address of this API'),
    ],
    ['POSTHORN_PORTAL_FRAME_ANCESTORS', 'https://a.example/', expect.stringContaining('list of origins')],
    ['POSTHORN_PORTAL_FRAME_ANCESTORS', "'self'; *", expect.stringContaining('list of origins')],
    ['POSTHORN_PORTAL_ACCENT', 'red;}', expect.stringContaining('is not a colour')],
    ['POSTHORN_PORTAL_LOGO_URL', 'javascript:alert(1)', expect.stringContaining('address of a picture')],
    ['LOG_LEVEL', 'loud', expect.stringContaining('is not one of fatal, error')],
    ['REDIS_URL', 'localhost:6379', expect.stringContaining('is not the address of a Redis')],
    [
      'REDIS_URL',
      'redis://a:1,redis://b:2',
      expect.stringContaining('redis+cluster://host1:6379,host2:6379'),
    ],
    ['REDIS_URL', 'redis+cluster://a:7000,b:70000', expect.stringContaining('nor of a Redis Cluster')],
    ['REDIS_URL', 'redis://:p%zz@cache', expect.stringContaining('percent-encode what is special')],
    ['REDIS_URL', 'redis+cluster://a/1', expect.stringContaining('nor of a Redis Cluster')],
    ['POSTHORN_QUEUE_SHARDS', '0', expect.stringContaining('is not a number of queues from 1 to 64')],
    ['POSTHORN_QUEUE_SHARDS', 'four', expect.stringContaining('is not a number of queues from 1 to 64')],
    [
      'POSTHORN_QUEUE_SHARDS',
      '4',
      expect.stringContaining('several queues need Redis, so set REDIS_URL too'),
    ],
  ])('refuses %s=%s and says what is right', (name, value, problem) => {
    expect(problems({ [name]: value })).toEqual([problem]);
  });

  it('has 64 queues at the most', () => {
    const redis = { REDIS_URL: 'redis://cache' };
    expect(readSettings({ ...redis, POSTHORN_QUEUE_SHARDS: '64' }).queueShards).toBe(64);
    expect(problems({ ...redis, POSTHORN_QUEUE_SHARDS: '65' })).toHaveLength(1);
  });

  it('tells every problem at once, each on its own line', () => {
    const found = problems({ PORT: 'x', LOG_LEVEL: 'y', POSTHORN_RETRY_SCHEDUL: '5' });
    expect(found).toHaveLength(3);
    for (const problem of found) expect(problem).not.toContain('\n');
  });

  it('never repeats a secret', () => {
    const found = problems({
      DATABASE_URL: 'mysql://root:hunter2@db/x',
      REDIS_URL: 'http://:hunter2@cache',
      POSTHORN_ADMIN_KEY: 'hunter2',
      POSTHORN_EGRESS_PROXY: 'ftp://user:hunter2@proxy',
      POSTHORN_ENCRYPTION_KEYS: 'hunter2',
    });
    expect(found).toHaveLength(5);
    expect(found.join()).not.toContain('hunter2');
  });

  it('names the setting that a misspelt one is nearest to', () => {
    expect(problems({ POSTHORN_RETENTON_DAY: '3' })).toEqual([
      'POSTHORN_RETENTON_DAY: there is no such setting. Did you mean POSTHORN_RETENTION_DAYS?',
    ]);
  });

  it('leaves alone what Kubernetes adds for a service named posthorn', () => {
    expect(problems({ POSTHORN_PORT: 'tcp://10.0.0.1:80', POSTHORN_SERVICE_HOST: '10.0.0.1' })).toEqual([]);
  });
});

describe('a fleet', () => {
  it('needs its keys from the environment, for no process can make them for all', () => {
    expect(readSettings(FLEET).databaseUrl).toBe(FLEET.DATABASE_URL);
    const found = problems({ DATABASE_URL: FLEET.DATABASE_URL });
    expect(found.map((problem) => problem.split(':')[0])).toEqual([
      'POSTHORN_ADMIN_KEY',
      'POSTHORN_ENCRYPTION_KEYS',
    ]);
  });

  it('has workers that know no admin key', () => {
    const { POSTHORN_ADMIN_KEY: _, ...worker } = FLEET;
    expect(problems({ ...worker, POSTHORN_ROLE: 'worker' })).toEqual([]);
  });

  it('cannot be split into roles without a database to share', () => {
    expect(problems({ POSTHORN_ROLE: 'api' })).toEqual([
      expect.stringContaining('DATABASE_URL: the role "api"'),
    ]);
  });
});

describe('the address of a master behind Redis Sentinels', () => {
  it.each([
    [
      'redis+sentinel://a,b:1234/main',
      {
        sentinels: [
          { host: 'a', port: 26_379 },
          { host: 'b', port: 1234 },
        ],
        master: 'main',
        database: 0,
        isTls: false,
      },
    ],
    [
      'rediss+sentinel://user:p%40ss@[fd00::1]:26380/main/3?sentinelUsername=s&sentinelPassword=x%26y',
      {
        sentinels: [{ host: 'fd00::1', port: 26_380 }],
        master: 'main',
        database: 3,
        username: 'user',
        password: 'p@ss',
        sentinelUsername: 's',
        sentinelPassword: 'x&y',
        isTls: true,
      },
    ],
  ])('%s', (address, sentinel) => {
    expect(readSettings({ REDIS_URL: address }).redisUrl).toBe(address);
    expect(parseRedisSentinel(address)).toEqual(sentinel);
  });

  it.each([
    'redis://a/main',
    'redis+sentinel://a',
    'redis+sentinel:///main',
    'redis+sentinel://a:0/main',
    'redis+sentinel://a/main/x',
    'redis+sentinel://a/main?role=slave',
  ])('is not %s', (address) => {
    expect(parseRedisSentinel(address)).toBeNull();
  });
});

describe('.env.example', () => {
  const text = readFileSync(join(import.meta.dirname, '../../.env.example'), 'utf8');
  const lines = [...text.matchAll(/^# ?([A-Z_]+)=(.*)$/gm)].map(
    ([, name = '', value = '']) => [name, value] as const,
  );

  it('lists every setting once, each with a sentence above it', () => {
    expect(lines.map(([name]) => name).sort()).toEqual([...VARIABLES].sort());
    for (const [name] of lines)
      expect(text).toMatch(new RegExp(`^# [A-Z].*(?:\\n# .*)*\\.\\n# ?${name}=`, 'm'));
  });

  it('shows the defaults', () => {
    expect(readSettings(Object.fromEntries(lines))).toEqual(new Settings());
  });
});

describe('the address of a Redis Cluster', () => {
  it.each([
    ['redis+cluster://a', { nodes: [{ host: 'a', port: 6379 }], isTls: false }],
    [
      'redis+cluster://10.0.0.1:7000,10.0.0.2:7001, [fd00::1]:7002',
      {
        nodes: [
          { host: '10.0.0.1', port: 7000 },
          { host: '10.0.0.2', port: 7001 },
          { host: 'fd00::1', port: 7002 },
        ],
        isTls: false,
      },
    ],
    [
      'rediss+cluster://user:p%40ss:word@seed.example.com:6380/',
      {
        nodes: [{ host: 'seed.example.com', port: 6380 }],
        username: 'user',
        password: 'p@ss:word',
        isTls: true,
      },
    ],
    [
      'redis+cluster://:p@ss@a,b',
      {
        nodes: [
          { host: 'a', port: 6379 },
          { host: 'b', port: 6379 },
        ],
        password: 'p@ss',
        isTls: false,
      },
    ],
  ])('%s is understood', (address, cluster) => {
    expect(readSettings({ REDIS_URL: address }).redisUrl).toBe(address);
    expect(parseRedisCluster(address)).toEqual(cluster);
  });

  it.each([
    'redis://a:6379',
    'redis+cluster://',
    'redis+cluster://a,',
    'redis+cluster://a:0',
    'redis+cluster://u:%zz@a',
    'redis+cluster://a?x=1',
    'http://a',
  ])('%s is not one', (address) => {
    expect(parseRedisCluster(address)).toBeNull();
  });
});

describe('defaults that depend on where a process runs', () => {
  const worker = { ...FLEET, POSTHORN_ROLE: 'worker' };

  it.each([
    ['a worker has a health port', worker, 9090],
    ['another role has none', FLEET, null],
    ['a worker may do without', { ...worker, POSTHORN_HEALTH_PORT: 'off' }, null],
    ['another role may have one', { ...FLEET, POSTHORN_HEALTH_PORT: '9100' }, 9100],
  ])('%s', (_what, env, port) => {
    expect(readSettings(env).healthPort).toBe(port);
  });

  it('under Kubernetes a stop waits for load balancers', () => {
    expect(readSettings(FLEET).drainDelayMs).toBe(0);
    expect(readSettings({ ...FLEET, KUBERNETES_SERVICE_HOST: '10.0.0.1' }).drainDelayMs).toBe(5_000);
    const own = { ...FLEET, KUBERNETES_SERVICE_HOST: '10.0.0.1', POSTHORN_DRAIN_DELAY_MS: '0' };
    expect(readSettings(own).drainDelayMs).toBe(0);
  });
});
