import { DATABASE_RULE, REDIS_RULE } from './setting-rules.js';
import { choice, text, whole, type Setting } from './setting.js';

/** The database and the queue. */
export const STORE_SETTINGS = {
  databaseUrl: text({
    variable: 'DATABASE_URL',
    defaultNote: 'embedded PostgreSQL',
    rule: DATABASE_RULE,
    isSecret: true,
    inModule: true,
    doc:
      'The PostgreSQL to use, e.g. `postgres://user:password@localhost:5432/posthorn`. Empty: Posthorn ' +
      'runs its own.',
    more: [
      'Several servers, of which the one that takes writes is used:',
      'postgres://user@host1:5432,host2:5432/posthorn?target_session_attrs=read-write.',
    ],
  }),
  databaseDirectUrl: text({
    variable: 'DATABASE_DIRECT_URL',
    defaultNote: '`DATABASE_URL`',
    rule: DATABASE_RULE,
    isSecret: true,
    inModule: true,
    doc:
      'With a pooler such as PgBouncer at `DATABASE_URL`: the same database without the pooler, for ' +
      'migrations and for what needs a session. See [docs/operating.md](docs/operating.md#poolers).',
  }),
  dbPool: whole([6, 1_000], 'a number of connections from 6 to 1000, e.g. 10', {
    variable: 'POSTHORN_DB_POOL',
    default: 10,
    inModule: true,
    doc: "How many database connections this process opens at most, the queue's included.",
  }),
  dbPrepared: choice(['auto', 'on', 'off'], {
    variable: 'POSTHORN_DB_PREPARED',
    default: 'auto',
    inModule: true,
    doc: 'Whether statements are prepared by name. `auto`: unless a pooler at `DATABASE_URL` would lose them.',
  }),
  redisUrl: text({
    variable: 'REDIS_URL',
    defaultNote: 'queue in PostgreSQL',
    rule: REDIS_RULE,
    isSecret: true,
    inModule: true,
    doc:
      'The Redis for the queue: `redis://`, `redis+cluster://` or `redis+sentinel://`, with `rediss` ' +
      'for TLS. Empty: the queue is in the database.',
    more: [
      'One server: redis://localhost:6379.',
      'Some nodes of a Redis Cluster: redis+cluster://user:password@host1:6379,host2:6379.',
      'A master behind Redis Sentinels: redis+sentinel://user:password@host1:26379,host2:26379/mymaster/0.',
    ],
  }),
  queueShards: whole([1, 64], 'a number of queues from 1 to 64, e.g. 4', {
    variable: 'POSTHORN_QUEUE_SHARDS',
    default: 1,
    inModule: true,
    doc:
      'How many queues on Redis share the jobs, 1 to 64; the same for every process. See ' +
      '[docs/scaling.md](docs/scaling.md).',
  }),
} satisfies Record<string, Setting<unknown>>;
