import type { SystemState, SystemWarning } from './system.dto.js';

const SKEW_MS = 1_000;
const OLD_DUE_SECONDS = 60;
const NEARLY_ALL_CONNECTIONS = 0.85;

type Known = Omit<SystemState, 'warnings' | 'status'>;

/** What somebody should look at, a sentence each, worst first. `unreported`: workers that run an earlier release. */
export function warningsOf(state: Known, unreported: number): SystemWarning[] {
  return [
    ...databaseWarnings(state),
    ...queueWarnings(state),
    ...processWarnings(state, unreported),
    ...deliveryWarnings(state),
  ];
}

function databaseWarnings({ database }: Known): SystemWarning[] {
  if (database.state !== 'ok')
    return [
      warning('database_away', 'The database does not respond: only what this process knows is shown.'),
    ];
  const { migrations, connections, isReadOnly, isStandby } = database;
  const used = connections ? connections.server / connections.allowed : 0;
  return [
    isReadOnly || isStandby
      ? warning('database_read_only', 'The database accepts no writes, so no event is accepted or delivered.')
      : null,
    migrations && migrations.missing.length > 0
      ? warning(
          'schema_behind',
          `The schema lacks ${migrations.missing.length} of ${migrations.expected} migrations; run "posthorn migrate".`,
        )
      : null,
    migrations && migrations.unknown.length > 0
      ? warning(
          'schema_ahead',
          'The schema is of a newer release than this process; upgrade the processes that are left.',
        )
      : null,
    connections && used >= NEARLY_ALL_CONNECTIONS
      ? warning(
          'connections_nearly_used',
          `${connections.server} of the ${connections.allowed} connections that the database server allows are in use.`,
        )
      : null,
    database.tables === null
      ? warning('tables_unknown', 'The sizes of the tables could not be read in time.')
      : null,
  ].filter((one) => one !== null);
}

function queueWarnings({ queue, database }: Known): SystemWarning[] {
  // One server is one warning.
  if (queue.state === 'ok' || (queue.backend === 'postgres' && database.state !== 'ok')) return [];
  const server = queue.backend === 'redis' ? 'Redis' : 'The queue in the database';
  return [
    warning(
      'queue_away',
      `${server} does not respond: events are accepted, and the sweeper delivers them more slowly.`,
    ),
  ];
}

function processWarnings({ processes, database }: Known, unreported: number): SystemWarning[] {
  if (processes === null) return [];
  const alive = processes.filter(({ state }) => state === 'alive');
  const workers = alive.filter(({ role }) => role !== 'api');
  const versions = [...new Set(alive.map(({ version }) => version))].sort();
  return [
    ...(database.state === 'ok' && workers.length === 0 && unreported === 0
      ? [warning('no_worker', 'No worker is running: events are accepted and not delivered.')]
      : []),
    ...processes.flatMap((one) => {
      const name = `The ${one.role === 'api' ? 'API process' : 'worker'} ${one.pid} on ${one.host}`;
      const skew = Math.abs(one.clockSkewMs);
      if (one.state === 'ended')
        return [warning('process_ended', `${name} ended without stopping; its deliveries were recovered.`)];
      if (one.state === 'silent')
        return [warning('process_silent', `${name} has not reported since ${one.seenAt}.`)];
      if (skew < SKEW_MS) return [];
      const seconds = (skew / 1_000).toFixed(1);
      const side = one.clockSkewMs > 0 ? 'ahead of' : 'behind';
      return [
        warning('clock_differs', `The clock of ${one.host} is ${seconds} s ${side} the database's clock.`),
      ];
    }),
    ...(unreported > 0
      ? [
          warning(
            'older_workers',
            `${unreported} workers run an earlier release, which this page cannot show.`,
          ),
        ]
      : []),
    ...(versions.length > 1
      ? [warning('versions_differ', `The processes run different versions: ${versions.join(', ')}.`)]
      : []),
  ];
}

function deliveryWarnings({ deliveries, jobs }: Known): SystemWarning[] {
  const age = deliveries?.oldestDueSeconds ?? 0;
  return [
    age >= OLD_DUE_SECONDS
      ? warning('deliveries_late', `The oldest due delivery has waited for ${Math.round(age)} s.`)
      : null,
    jobs && jobs.failed > 0
      ? warning('jobs_failed', `${jobs.failed} replays or bulk retries of the last 24 hours have failed.`)
      : null,
  ].filter((one) => one !== null);
}

function warning(code: string, message: string): SystemWarning {
  return { code, message };
}
