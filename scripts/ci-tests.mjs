// Runs all tests, or those whose paths match the patterns it is given. The last line says how many passed and failed.
// The machine is shared and stops for seconds at times, so up to MAX_AGAIN files that failed are run again, alone. What
// passes then is listed as unstable: mend it. A test that skips itself has failed, since CI installs all it needs.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

const MAX_AGAIN = 3;
const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'posthorn-ci-'));

/** Jest's report; null when nothing ran. */
function runJest(...args) {
  const outputFile = join(folder, 'report.json');
  rmSync(outputFile, { force: true });
  spawnSync(
    'npm',
    ['run', 'test:all', '--', '--ci', '--forceExit', '--json', `--outputFile=${outputFile}`, ...args],
    {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  );
  try {
    return JSON.parse(readFileSync(outputFile, 'utf8'));
  } catch {
    return null;
  }
}

/** What did not pass in a file, a line each. A file may fail as a whole, even if all its tests passed. */
function problemsOf({ status, name, assertionResults }) {
  const file = relative(root, name);
  const tests = assertionResults.filter((test) => test.status !== 'passed');
  if (tests.length > 0) return tests.map((test) => `${test.status}: ${file}: ${test.fullName}`);
  return status === 'passed' ? [] : [`failed: ${file}`];
}

const passedOf = ({ assertionResults }) =>
  assertionResults.filter(({ status }) => status === 'passed').length;

const first = runJest(...process.argv.slice(2));
let results = first?.testResults ?? [];
const failed = results.filter((file) => problemsOf(file).length > 0);
if (failed.length > 0 && failed.length <= MAX_AGAIN) {
  const names = failed.map(({ name }) => name);
  const again = runJest('--maxWorkers=1', '--runTestsByPath', ...names)?.testResults ?? failed;
  results = [...results.filter(({ name }) => !names.includes(name)), ...again];
  const passedNow = failed.filter(({ name }) =>
    again.some((file) => file.name === name && problemsOf(file).length === 0),
  );
  for (const problem of passedNow.flatMap(problemsOf)) console.log(`UNSTABLE, passed alone: ${problem}`);
}
rmSync(folder, { recursive: true });

const problems = results.flatMap(problemsOf);
for (const problem of problems) console.log(problem);
const passed = results.reduce((sum, file) => sum + passedOf(file), 0);
console.log(`${passed} passed, ${first === null ? 1 : problems.length} failed`);
process.exit(passed > 0 && problems.length === 0 ? 0 : 1);
