import { LIMIT_NAMES } from '../core/limits.js';
import { applyOtelVariables, otelProblems } from './otlp.js';
import type { Setting } from './setting.js';
import { Settings } from './settings.js';
import { LIMIT_SETTINGS } from './limit-settings.js';
import { ALL_SETTINGS, SETTINGS } from './settings-table.js';
import { StartupError } from './startup-error.js';
import { unknownVariables } from './unknown-variables.js';

/** Every variable's name. */
export const VARIABLES: readonly string[] = ALL_SETTINGS.map(({ variable }) => variable);

/** Where workers show their health and metrics. */
const WORKER_HEALTH_PORT = 9090;
/** How long Kubernetes goes on sending requests to a pod that it stops, milliseconds. */
const KUBERNETES_DRAIN_MS = 5_000;

/** The variables that are set, by name. */
type Given = Map<string, string>;

/**
 * The settings an environment asks for. Keys that the embedded database may still generate are left empty. Throws
 * `StartupError` with every problem at once.
 */
export function readSettings(env: NodeJS.ProcessEnv = process.env): Settings {
  const given = pickGiven(env);
  const problems = [
    ...ALL_SETTINGS.flatMap((setting) => problemOf(setting, given) ?? []),
    ...unknownVariables(env, VARIABLES),
    ...missingVariables(given),
    ...withoutEffect(given),
    ...signInProblems(given),
    ...otelProblems(env),
  ];
  if (problems.length > 0) throw new StartupError(problems);
  return withSurroundings(toSettings(given), given, env);
}

function pickGiven(env: NodeJS.ProcessEnv): Given {
  const given: Given = new Map();
  for (const { variable, mayBeEmpty } of ALL_SETTINGS) {
    const text = env[variable]?.trim();
    if (text !== undefined && (text !== '' || mayBeEmpty)) given.set(variable, text);
  }
  return given;
}

function problemOf({ variable, rule, isSecret }: Setting<unknown>, given: Given): string | null {
  const text = given.get(variable);
  if (text === undefined || rule.accepts(text)) return null;
  return `${variable}: ${isSecret ? '' : `"${text}" `}${rule.problem}.`;
}

function missingVariables(given: Given): string[] {
  const role = given.get('POSTHORN_ROLE') ?? 'all';
  if (!given.has('DATABASE_URL')) {
    return role !== 'api' && role !== 'worker'
      ? []
      : [`DATABASE_URL: the role "${role}" shares its database with other processes, so set its address.`];
  }
  const problems: string[] = [];
  if (!given.has('POSTHORN_ADMIN_KEY') && role !== 'worker') {
    problems.push(
      'POSTHORN_ADMIN_KEY: needed with DATABASE_URL; make one with: echo phk_admin_$(openssl rand -hex 24).',
    );
  }
  if (!given.has('POSTHORN_ENCRYPTION_KEYS')) {
    problems.push(
      'POSTHORN_ENCRYPTION_KEYS: needed with DATABASE_URL, the same for every process; make one with: ' +
        'openssl rand -base64 32.',
    );
  }
  return problems;
}

/** What is set and would do nothing. */
function withoutEffect(given: Given): string[] {
  const problems: string[] = [];
  if (Number(given.get('POSTHORN_QUEUE_SHARDS') ?? 1) > 1 && !given.has('REDIS_URL'))
    problems.push(
      'POSTHORN_QUEUE_SHARDS: several queues need Redis, so set REDIS_URL too; in one PostgreSQL they ' +
        'would share its load anyway.',
    );
  if (given.has('POSTHORN_EGRESS_ALWAYS_PROXY') && !given.has('POSTHORN_EGRESS_PROXY'))
    problems.push(
      'POSTHORN_EGRESS_ALWAYS_PROXY: there is no proxy for these endpoints; set POSTHORN_EGRESS_PROXY, too.',
    );
  return problems;
}

/** Further settings that one way of signing in needs. */
const SIGN_IN_NEEDS = {
  POSTHORN_OIDC_ISSUER: ['POSTHORN_OIDC_CLIENT_ID', 'POSTHORN_PUBLIC_URL'],
  POSTHORN_SMTP_URL: ['POSTHORN_MAIL_FROM', 'POSTHORN_PUBLIC_URL'],
};

function signInProblems(given: Given): string[] {
  const ways = Object.entries(SIGN_IN_NEEDS).filter(([way]) => given.has(way));
  const missing = ways.flatMap(([way, needs]) =>
    needs.filter((name) => !given.has(name)).map((name) => `${name}: needed with ${way}; set it, too.`),
  );
  if (given.has('POSTHORN_ADMINS') && ways.length === 0)
    missing.push('POSTHORN_ADMINS: nobody can sign in; set POSTHORN_OIDC_ISSUER or POSTHORN_SMTP_URL, too.');
  return missing;
}

function toSettings(given: Given): Settings {
  const settings = new Settings();
  for (const [name, { variable, parse }] of Object.entries(SETTINGS)) {
    const text = given.get(variable);
    if (text !== undefined) Object.assign(settings, { [name]: parse(text) });
  }
  for (const name of LIMIT_NAMES) {
    const { variable, parse } = LIMIT_SETTINGS[name];
    const text = given.get(variable);
    if (text !== undefined) settings.spaceLimits[name] = parse(text);
  }
  return settings;
}

/** Some values depend on the role, on where the process runs, and on OpenTelemetry's own variables. */
function withSurroundings(settings: Settings, given: Given, env: NodeJS.ProcessEnv): Settings {
  if (settings.role === 'worker' && !given.has(SETTINGS.healthPort.variable))
    settings.healthPort = WORKER_HEALTH_PORT;
  if (env.KUBERNETES_SERVICE_HOST && !given.has(SETTINGS.drainDelayMs.variable))
    settings.drainDelayMs = KUBERNETES_DRAIN_MS;
  applyOtelVariables(settings, env);
  return settings;
}
