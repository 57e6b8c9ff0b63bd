// Writes the table of folders into ARCHITECTURE.md, from scripts/rooms.cjs; with --check it only compares.
import { readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import rooms from './rooms.cjs';

const FILE = 'ARCHITECTURE.md';
const BEGIN = '<!-- folders: npm run import-table -->';
const END = '<!-- end of folders -->';

const rows = Object.entries(rooms.ROOMS).map(
  ([room, { holds, imports }]) => `| \`${room}\` | ${holds} | ${imports.join(', ') || 'nothing of ours'} |`,
);
const table = ['| folder | holds | may import |', '| --- | --- | --- |', ...rows].join('\n');

const old = readFileSync(FILE, 'utf8');
const [before, rest] = old.split(BEGIN);
const after = rest?.split(END)[1];
if (after === undefined) throw new Error(`${FILE} has no longer the marks "${BEGIN}" and "${END}".`);
const text = await format(`${before}${BEGIN}\n\n${table}\n\n${END}${after}`, {
  ...(await resolveConfig(FILE)),
  filepath: FILE,
});

if (text !== old && process.argv.includes('--check')) {
  console.error(`${FILE}: the table of folders is not as scripts/rooms.cjs says. Run: npm run import-table`);
  process.exitCode = 1;
} else if (text !== old) writeFileSync(FILE, text);
