import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { ENTITIES } from '../../src/app/entities.js';

/** The rooms' SQL compared with the table of rooms: a table belongs to the room in which its entity stands. */
interface Source {
  /** Path below `src`. */
  file: string;
  text: string;
}

interface Rule {
  name: string;
  to: { pathNot?: string[] };
}

const ROOT = path.join(import.meta.dirname, '../..');
const { forbidden } = createRequire(import.meta.url)(path.join(ROOT, '.dependency-cruiser.cjs')) as {
  forbidden: Rule[];
};

/** Each room and the rooms it may import. */
const ROOMS = new Map(
  forbidden.flatMap(({ name, to }): [string, string[]][] => {
    const [, rooms] = /^\^src\/\((.*)\)\/$/.exec(to.pathNot?.[0] ?? '') ?? [];
    return name.endsWith('-imports') && rooms ? [[name.replace('-imports', ''), rooms.split('|')]] : [];
  }),
);

/** `endpoints` writes what answers change of a subscription, `subscriptions` what people change. */
const MORE_WRITERS = new Map([['subscriptions', 'subscriptions']]);
/** Partitions are made and dropped by the names of their tables, which no rows are read for. */
const BY_ANY_NAME = [
  'database/partitions.ts',
  'retention/day-parts.ts',
  'retention/move-open-rows.ts',
  'retention/retention.ts',
];

/** The clock of tests moves to whatever is due next, in any table. It writes none. */
const READS_ALL = ['testing/time-travel.ts'];

const roomOf = (file: string) => file.split('/')[0] ?? '';

function sources(): Source[] {
  return readdirSync(path.join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && file.includes('/'))
    .map((file) => ({ file, text: readFileSync(path.join(ROOT, 'src', file), 'utf8') }));
}

function owners(all: Source[]): Map<string, { room: string; entity: string }> {
  const tables = all.flatMap(({ file, text }) =>
    [...text.matchAll(/@Table\('(\w+)'\)\nexport class (\w+)/g)].map(
      ([, table = '', entity = '']) => [table, { room: roomOf(file), entity }] as const,
    ),
  );
  return new Map(tables);
}

/** What each file does to tables that it may not do. */
function violations(all: Source[]): string[] {
  const tables = owners(all);
  return all.flatMap(({ file, text }) => {
    const room = roomOf(file);
    const code = text.replace(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, '');
    const found: string[] = [];
    if (code.includes('posthorn.${') && !BY_ANY_NAME.includes(file))
      found.push(`${file} hides a table's name`);
    for (const [table, owner] of tables) {
      const mine = room === owner.room || MORE_WRITERS.get(table) === room;
      if (!mine && new RegExp(`(INTO|UPDATE|DELETE FROM)\\s+posthorn\\.${table}\\b`, 'i').test(code))
        found.push(`${file} writes ${table}`);
      if (!mine && new RegExp(`import \\{[^}]*(?<!type )\\b${owner.entity}\\b`).test(code) && room !== 'app')
        found.push(`${file} has ${table} as an entity`);
      const mayRead =
        mine || ROOMS.get(room)?.includes(owner.room) || [...BY_ANY_NAME, ...READS_ALL].includes(file);
      // posthorn.events.yaml is a file.
      if (!mayRead && new RegExp(`posthorn\\.${table}\\b(?!\\.yaml)`).test(code))
        found.push(`${file} reads ${table}`);
    }
    return found;
  });
}

it('lets a room read the tables of rooms it may import, and write its own only', () => {
  const all = sources();
  expect(owners(all).size).toBe(ENTITIES.length);
  expect(owners(all).get('deliveries')?.room).toBe('deliveries');
  expect(owners(all).get('attempts')?.room).toBe('deliveries');
  expect(violations(all)).toEqual([]);
});

it.each([
  [
    'spaces/x.ts',
    'const SQL = `DELETE FROM posthorn.deliveries WHERE space_id = $1`;',
    ['writes deliveries', 'reads deliveries'],
  ],
  ['events/x.ts', 'const SQL = `UPDATE posthorn.attempts SET n = 1`;', ['writes attempts']],
  ['endpoints/x.ts', 'const SQL = `SELECT FROM posthorn.deliveries`;', ['reads deliveries']],
  ['jobs/x.ts', 'const SQL = `SELECT FROM posthorn.${table}`;', ["hides a table's name"]],
  [
    'jobs/x.ts',
    "import { DeliveryEntity } from '../deliveries/delivery.entity.js';",
    ['has deliveries as an entity'],
  ],
  ['jobs/x.ts', "import type { DeliveryEntity } from '../deliveries/delivery.entity.js';", []],
  [
    'jobs/x.ts',
    '// `posthorn.test_receivers` is not ours.\nconst SQL = `SELECT FROM posthorn.deliveries`;',
    [],
  ],
])('sees what %s does with %s', (file, text, expected) => {
  expect(violations([...sources(), { file, text }])).toEqual(expected.map((what) => `${file} ${what}`));
});
