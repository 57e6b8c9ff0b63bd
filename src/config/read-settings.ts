import { getMetadataStorage, validateSync } from 'class-validator';
import type { Limits } from '../core/limits.js';
import { Environment, listOf } from './environment.js';
import { Settings } from './settings.js';
import { StartupError } from './startup-error.js';
import { unknownVariables } from './unknown-variables.js';

/** Every variable's name. */
export const VARIABLES: readonly string[] = [
  ...new Set(
    getMetadataStorage()
      .getTargetValidationMetadatas(Environment, '', true, false)
      .map((rule) => rule.propertyName),
  ),
];

/** Where "set, but empty" means something else than "not set". */
const MAY_BE_EMPTY = 'POSTHORN_RETRY_SCHEDULE';

/**
 * The settings an environment asks for. Keys that the embedded database may still generate are left empty. Throws
 * `StartupError` with every problem at once.
 */
export function readSettings(env: NodeJS.ProcessEnv = process.env): Settings {
  const environment = pickKnown(env);
  const problems = [
    ...validateSync(environment, { skipMissingProperties: true }).flatMap(({ property, constraints = {} }) =>
      Object.values(constraints).map((message) => `${property}: ${message}.`),
    ),
    ...unknownVariables(env, VARIABLES),
    ...missingVariables(environment),
    ...withoutEffect(environment),
  ];
  if (problems.length > 0) throw new StartupError(problems);
  return toSettings(environment);
}

function pickKnown(env: NodeJS.ProcessEnv): Environment {
  const set = VARIABLES.map((name) => [name, env[name]?.trim()] as const).filter(
    ([name, text]) => text !== undefined && (text !== '' || name === MAY_BE_EMPTY),
  );
  return Object.assign(new Environment(), Object.fromEntries(set));
}

function missingVariables(environment: Environment): string[] {
  const role = environment.POSTHORN_ROLE ?? 'all';
  if (environment.DATABASE_URL === undefined) {
    return role !== 'api' && role !== 'worker'
      ? []
      : [`DATABASE_URL: the role "${role}" shares its database with other processes, so set its address.`];
  }
  const problems: string[] = [];
  if (environment.POSTHORN_ADMIN_KEY === undefined && role !== 'worker') {
    problems.push(
      'POSTHORN_ADMIN_KEY: needed with DATABASE_URL; make one with: echo phk_admin_$(openssl rand -hex 24).',
    );
  }
  if (environment.POSTHORN_ENCRYPTION_KEYS === undefined) {
    problems.push(
      'POSTHORN_ENCRYPTION_KEYS: needed with DATABASE_URL, the same for every process; make one with: openssl rand -base64 32.',
    );
  }
  return problems;
}

/** What is set and would do nothing. */
function withoutEffect({ POSTHORN_QUEUE_SHARDS: shards = '1', REDIS_URL }: Environment): string[] {
  return Number(shards) > 1 && REDIS_URL === undefined
    ? [
        'POSTHORN_QUEUE_SHARDS: several queues need Redis, so set REDIS_URL too; in one PostgreSQL they would share its load anyway.',
      ]
    : [];
}

function toSettings(environment: Environment): Settings {
  const settings = new Settings();
  settings.role = environment.POSTHORN_ROLE ?? settings.role;
  settings.host = environment.HOST ?? settings.host;
  settings.port = Number(environment.PORT ?? settings.port);
  settings.databaseUrl = environment.DATABASE_URL ?? settings.databaseUrl;
  settings.redisUrl = environment.REDIS_URL ?? settings.redisUrl;
  settings.queueShards = Number(environment.POSTHORN_QUEUE_SHARDS ?? settings.queueShards);
  settings.dataDir = environment.POSTHORN_DATA_DIR ?? settings.dataDir;
  settings.adminKey = environment.POSTHORN_ADMIN_KEY ?? settings.adminKey;
  settings.encryptionKeys = listOf(environment.POSTHORN_ENCRYPTION_KEYS ?? '');
  settings.allowHttp = isTrue(environment.POSTHORN_ALLOW_HTTP);
  settings.allowTargets = listOf(environment.POSTHORN_ALLOW_TARGETS ?? '');
  settings.trustProxy = listOf(environment.POSTHORN_TRUST_PROXY ?? '');
  if (environment.POSTHORN_RETRY_SCHEDULE !== undefined) {
    settings.retrySchedule = listOf(environment.POSTHORN_RETRY_SCHEDULE).map(Number);
  }
  if (environment.POSTHORN_PAUSE_AFTER !== undefined) {
    settings.pauseAfter =
      environment.POSTHORN_PAUSE_AFTER === 'never' ? null : Number(environment.POSTHORN_PAUSE_AFTER);
  }
  settings.onExhausted = environment.POSTHORN_ON_EXHAUSTED ?? settings.onExhausted;
  settings.retentionDays = Number(environment.POSTHORN_RETENTION_DAYS ?? settings.retentionDays);
  settings.heldDays = Number(environment.POSTHORN_HELD_DAYS ?? settings.heldDays);
  settings.heldMax = Number(environment.POSTHORN_HELD_MAX ?? settings.heldMax);
  settings.shutdownGraceMs = Number(environment.POSTHORN_SHUTDOWN_GRACE_MS ?? settings.shutdownGraceMs);
  settings.sweepIntervalMs = Number(environment.POSTHORN_SWEEP_INTERVAL_MS ?? settings.sweepIntervalMs);
  settings.leaseGraceMs = Number(environment.POSTHORN_LEASE_GRACE_MS ?? settings.leaseGraceMs);
  settings.publicUrl = (environment.POSTHORN_PUBLIC_URL ?? settings.publicUrl).replace(/\/$/, '');
  settings.portalFrameAncestors = listOf(environment.POSTHORN_PORTAL_FRAME_ANCESTORS ?? '');
  settings.portalAccent = environment.POSTHORN_PORTAL_ACCENT ?? settings.portalAccent;
  settings.portalLogoUrl = environment.POSTHORN_PORTAL_LOGO_URL ?? settings.portalLogoUrl;
  settings.spaceLimits = limitsOf(environment, settings.spaceLimits);
  settings.testReceiver = isTrue(environment.POSTHORN_TEST_RECEIVER);
  settings.providerLimits = isTrue(environment.POSTHORN_PROVIDER_LIMITS);
  settings.logLevel = environment.LOG_LEVEL ?? settings.logLevel;
  return settings;
}

function limitsOf(environment: Environment, defaults: Limits): Limits {
  return {
    subscriptions: Number(environment.POSTHORN_LIMIT_SUBSCRIPTIONS ?? defaults.subscriptions),
    keys: Number(environment.POSTHORN_LIMIT_KEYS ?? defaults.keys),
    portalLinks: Number(environment.POSTHORN_LIMIT_PORTAL_LINKS ?? defaults.portalLinks),
    eventTypes: Number(environment.POSTHORN_LIMIT_EVENT_TYPES ?? defaults.eventTypes),
    filterBytes: Number(environment.POSTHORN_LIMIT_FILTER_BYTES ?? defaults.filterBytes),
    fanOut: Number(environment.POSTHORN_LIMIT_FAN_OUT ?? defaults.fanOut),
    openJobs: Number(environment.POSTHORN_LIMIT_OPEN_JOBS ?? defaults.openJobs),
    eventsPerSecond: Number(environment.POSTHORN_LIMIT_EVENTS_PER_SECOND ?? defaults.eventsPerSecond),
  };
}

function isTrue(text: string | undefined): boolean {
  return text === 'true' || text === '1';
}
