// Checks deploy/ with the tools of those who use it, where they are installed: helm, Kubernetes' own types (by Go),
// promtool and systemd-analyze. What is missing is said and passed over. `--write` renders deploy/helm/rendered.yaml
// anew.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'posthorn-deploy-'));
const chart = join(root, 'deploy', 'helm', 'posthorn');
const renderedFile = join(root, 'deploy', 'helm', 'rendered.yaml');
/** A helm that was built by `go install` takes itself for one of Kubernetes 1.20. */
const KUBE_VERSION = '1.30.0';
const EVERYTHING = [
  'topology=apart',
  'autoscaling.enabled=true',
  'autoscaling.matchLabels.namespace=posthorn',
  'ingress.enabled=true',
  'ingress.tlsSecret=posthorn-tls',
  'serviceMonitor.enabled=true',
  'settings.POSTHORN_RETENTION_DAYS=14',
  'podSecurityContext.runAsUser=null',
].flatMap((value) => ['--set', value]);

function run(file, args, options = {}) {
  const { status, stdout, stderr } = spawnSync(file, args, {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
    ...options,
  });
  if (status !== 0) throw new Error(`${file} ${args.join(' ')}\n${stdout}${stderr}`);
  return stdout;
}

const isThere = (file, args) => spawnSync(file, args).status === 0;

function render(...args) {
  return run('helm', [
    'template',
    'posthorn',
    chart,
    '--namespace',
    'posthorn',
    '--kube-version',
    KUBE_VERSION,
    ...args,
  ]);
}

function checkChart() {
  run('helm', ['lint', '--strict', chart]);
  const rendered = render();
  if (process.argv.includes('--write')) writeFileSync(renderedFile, rendered);
  else if (readFileSync(renderedFile, 'utf8') !== rendered)
    throw new Error(
      'deploy/helm/rendered.yaml is not what the chart says. Run `npm run check:deploy -- --write`.',
    );
  const secretInSettings = ['template', 'posthorn', chart, '--set', 'settings.DATABASE_URL=postgres://x'];
  if (isThere('helm', secretInSettings)) throw new Error('The chart takes a secret among its settings.');
  const values = join(folder, 'values.yaml');
  writeFileSync(values, 'settings: { POSTHORN_HELD_MAX: 2000000 }\nnetworkPolicy: { endpoints: [] }\n');
  const given = render('--values', values);
  if (!/name: POSTHORN_HELD_MAX\s+value: "2000000"/.test(given))
    throw new Error('The chart does not write a large number of its settings with all its digits.');
  // A rule without `to` allows every address.
  if (/^ *- to:\n(?! *- )/m.test(given))
    throw new Error('Without endpoints the NetworkPolicy allows all of them.');
}

function checkTypes() {
  const cwd = join(root, 'test', 'packaging', 'kubernetes');
  for (const input of [render(), render(...EVERYTHING)])
    console.log(run('go', ['run', '.'], { cwd, input }).trim());
}

function checkRules() {
  const rules = join(root, 'deploy', 'prometheus', 'rules.yml');
  run('promtool', ['check', 'rules', rules]);
  run('promtool', ['test', 'rules', join(root, 'deploy', 'prometheus', 'rules.test.yml')]);
}

/** Each query of the dashboard as a rule, so that promtool parses it. */
function checkDashboard() {
  const { panels } = JSON.parse(readFileSync(join(root, 'deploy', 'grafana', 'posthorn.json'), 'utf8'));
  const queries = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
  const rules = queries
    .map((expr) => expr.replaceAll('$job', '.*').replaceAll('$__rate_interval', '1m'))
    .map((expr, index) => ({ record: `query_${index}`, expr }));
  const file = join(folder, 'dashboard.json');
  // JSON is YAML.
  writeFileSync(file, JSON.stringify({ groups: [{ name: 'dashboard', rules }] }));
  run('promtool', ['check', 'rules', file]);
  console.log(`${queries.length} queries of the dashboard`);
}

function checkUnits() {
  for (const [from, to] of [
    ['posthorn.service', 'posthorn.service'],
    // A template is checked as one of its instances.
    ['posthorn@.service', 'posthorn@1.service'],
  ]) {
    copyFileSync(join(root, 'deploy', 'systemd', from), join(folder, to));
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', join(folder, to)], {
      encoding: 'utf8',
    });
    // Where Node is installed is the machine's business.
    const problems = stderr.split('\n').filter((line) => line.trim() && !line.includes('is not executable'));
    if (status !== 0 && problems.length > 0) throw new Error(`${from}\n${problems.join('\n')}`);
  }
}

const hasHelm = isThere('helm', ['version']);
const checks = [
  ['the Helm chart, and what it renders', hasHelm, 'helm', checkChart],
  ["the manifests, by Kubernetes' types", hasHelm && isThere('go', ['version']), 'helm or go', checkTypes],
  [
    'the alert rules and their tests',
    isThere('promtool', ['--version']),
    'promtool (Debian: prometheus)',
    checkRules,
  ],
  [
    'the queries of the dashboard',
    isThere('promtool', ['--version']),
    'promtool (Debian: prometheus)',
    checkDashboard,
  ],
  ['the systemd units', isThere('systemd-analyze', ['--version']), 'systemd-analyze', checkUnits],
];
for (const [what, isPossible, tool, check] of checks) {
  if (!isPossible) {
    console.warn(`NOT CHECKED: ${what}. There is no ${tool} here.`);
    continue;
  }
  try {
    check();
    console.log(`ok: ${what}`);
  } catch (error) {
    console.error(`FAILED: ${what}\n${error.message}`);
    process.exitCode = 1;
  }
}
rmSync(folder, { recursive: true });
