import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

/** What each file leaves behind, and what is said of it. Jest runs them in this order, in one process. */
const FILES: [name: string, body: string, problem: RegExp | null][] = [
  ['a-global', 'globalThis.fetch = null', /Left changed by this file: the global fetch/],
  ['b-variable', "process.env.LEFT = 'by b'", /Left changed by this file: process\.env\.LEFT/],
  ['c-folder', "process.chdir('/')", /Left changed by this file: the working folder/],
  ['d-handler', "process.on('SIGHUP', () => {})", /Left changed by this file: the listeners of SIGHUP/],
  [
    'e-matcher',
    'expect.extend({ toBeLeft: () => ({ pass: true }) })',
    /Left changed by this file: the matcher/,
  ],
  ['f-prototype', 'Array.prototype.left = 1', /Left changed by this file: Array\.prototype\.left/],
  ['g-server', "(await import('node:net')).createServer().listen(0)", /Left open by this file: a server/],
  ['h-hook', 'beforeEach(() => { throw new Error("of h"); })', /Hooks cannot be defined inside tests/],
  ['i-late', 'void Promise.reject(new Error("late")); await new Promise(setImmediate)', /late/],
  ['j-timeout', 'await new Promise(() => {})', /Exceeded timeout of 500 ms/],
  [
    'k-sees-nothing',
    "expect([typeof fetch, process.env.LEFT, process.cwd() === '/']).toEqual(['function', undefined, false])",
    null,
  ],
];

interface Report {
  testResults: { name: string; message: string }[];
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'posthorn-shared-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function runJest(): Report {
  for (const [name, body] of FILES)
    writeFileSync(join(folder, `${name}.test.mjs`), `it('leaves something', async () => { ${body}; });\n`);
  const sequencer = join(folder, 'sequencer.cjs');
  writeFileSync(
    sequencer,
    `const { default: Sequencer } = require(${JSON.stringify(join(ROOT, 'node_modules/@jest/test-sequencer'))});
    module.exports = class extends Sequencer {
      sort(tests) { return [...tests].sort((a, b) => a.path.localeCompare(b.path)); }
    };`,
  );
  const config = {
    rootDir: folder,
    testMatch: ['**/*.test.mjs'],
    testEnvironment: join(ROOT, 'test/support/shared-environment.mjs'),
    runtime: join(ROOT, 'test/support/shared-runtime.cjs'),
    testSequencer: sequencer,
    testTimeout: 500,
    transform: {},
  };
  const outputFile = join(folder, 'report.json');
  const jest = join(ROOT, 'node_modules/jest/bin/jest.js');
  const args = ['--config', JSON.stringify(config), '--runInBand', '--json', `--outputFile=${outputFile}`];
  spawnSync(process.execPath, [jest, ...args, '--forceExit'], { cwd: folder, timeout: 60_000 });
  return JSON.parse(readFileSync(outputFile, 'utf8')) as Report;
}

it('fails each file that leaves its process changed, and the next one sees nothing of it', () => {
  const { testResults } = runJest();
  const messages = FILES.map(
    ([name]) => testResults.find((file) => file.name.includes(`${name}.test`))?.message ?? 'did not run',
  );
  FILES.forEach(([name, , problem], at) => {
    expect(`${name}: ${messages[at]}`).toMatch(problem ?? /^k-sees-nothing: $/);
  });
}, 90_000);
