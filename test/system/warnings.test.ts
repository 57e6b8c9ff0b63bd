import type { SystemState } from '../../src/system/system.dto.js';
import { warningsOf } from '../../src/system/warnings.js';

type State = Parameters<typeof warningsOf>[0];

/** As far as warnings look at it: nothing is wrong. */
const WELL = {
  database: {
    state: 'ok',
    isReadOnly: false,
    isStandby: false,
    migrations: { applied: 1, expected: 1, missing: [], unknown: [] },
    connections: { posthorn: 5, server: 10, allowed: 100 },
    tables: [],
  },
  queue: { backend: 'postgres', state: 'ok' },
  processes: [{ role: 'all', pid: 1, host: 'one', version: '1.0.0', state: 'alive', clockSkewMs: 0 }],
  deliveries: { oldestDueSeconds: 0 },
  jobs: { running: 0, waiting: 0, failed: 0 },
};

function codesOf(changes: object, unreported = 0): string[] {
  return warningsOf({ ...WELL, ...changes } as unknown as State, unreported).map(({ code }) => code);
}
const database = (changes: object) => ({ database: { ...WELL.database, ...changes } });
const process = (changes: object) => ({ processes: [{ ...WELL.processes[0], ...changes }] });
const away = (backend: SystemState['queue']['backend']) => ({ queue: { backend, state: 'away' } });

it.each<[string, object, string[]]>([
  ['nothing is wrong', {}, []],
  [
    '84 of 100 connections are used',
    database({ connections: { posthorn: 5, server: 84, allowed: 100 } }),
    [],
  ],
  [
    '85 of 100 are',
    database({ connections: { posthorn: 5, server: 85, allowed: 100 } }),
    ['connections_nearly_used'],
  ],
  ['the database is a standby', database({ isStandby: true }), ['database_read_only']],
  ['the sizes of tables are not known', database({ tables: null }), ['tables_unknown']],
  ['a queue in the database is away', away('postgres'), ['queue_away']],
  [
    'the database is away with it',
    { ...database({ state: 'away' }), ...away('postgres') },
    ['database_away'],
  ],
  [
    'the database and Redis are away',
    { ...database({ state: 'away' }), ...away('redis') },
    ['database_away', 'queue_away'],
  ],
  ['there is no worker', process({ role: 'api' }), ['no_worker']],
  ['a clock is off by 999 ms', process({ clockSkewMs: -999 }), []],
  ['a clock is off by a second', process({ clockSkewMs: -1_000 }), ['clock_differs']],
  ['a delivery has waited for 59 s', { deliveries: { oldestDueSeconds: 59 } }, []],
  ['a delivery has waited for 60 s', { deliveries: { oldestDueSeconds: 60 } }, ['deliveries_late']],
  ['a job has failed', { jobs: { running: 0, waiting: 0, failed: 1 } }, ['jobs_failed']],
])('where %s', (_what, changes, codes) => {
  expect(codesOf(changes)).toEqual(codes);
});

it('workers of an earlier release are counted, and are workers', () => {
  expect(codesOf(process({ role: 'api' }), 2)).toEqual(['older_workers']);
});
