import { isIP } from 'node:net';
import { IsIn, IsPort, isFQDN, ValidateBy, type ValidationArguments } from 'class-validator';
import { compileAllowList } from '../lib/ip-address.js';
import { DATABASE_ADDRESS_RULE, parseDatabaseAddress } from './database-address.js';
import { parseRedisCluster, parseRedisSentinel } from './redis-address.js';

const MAX_RETRIES = 20;
const MAX_RETRY_SECONDS = 604_800;
export const ENCRYPTION_KEY_BYTES = 32;
const ADMIN_KEY_LENGTH = 16;

/**
 * The environment variables Posthorn knows, as text, each with its rule; an absent one has its default in
 * `Settings`. What they mean stands in `.env.example`. The messages follow the variable's name and value.
 */
export class Environment {
  @Is(isHost, 'is not an IP address or host name, e.g. 127.0.0.1, or 0.0.0.0 for every interface')
  HOST?: string;

  @IsPort({ message: '"$value" is not a port, e.g. 8080' })
  PORT?: string;

  @IsIn(['all', 'api', 'worker'], { message: '"$value" is not one of all, api, worker' })
  POSTHORN_ROLE?: 'all' | 'api' | 'worker';

  @IsSecret((text) => parseDatabaseAddress(text) !== null, DATABASE_ADDRESS_RULE)
  DATABASE_URL?: string;

  @IsSecret(
    (text) =>
      isUrl(text, ['redis:', 'rediss:']) ||
      parseRedisCluster(text) !== null ||
      parseRedisSentinel(text) !== null,
    'is not the address of a Redis, e.g. redis://localhost:6379 or rediss://user:password@host:6380, nor of a Redis Cluster, e.g. redis+cluster://host1:6379,host2:6379 or rediss+cluster://user:password@host:6379, nor of a master behind Redis Sentinels, e.g. redis+sentinel://host1:26379,host2:26379/mymaster',
  )
  REDIS_URL?: string;

  @Is((text) => isWhole(text, 1, 64), 'is not a number of queues from 1 to 64, e.g. 4')
  POSTHORN_QUEUE_SHARDS?: string;

  @Is((text) => !text.includes('\0'), 'is not a folder')
  POSTHORN_DATA_DIR?: string;

  @IsSecret(isAdminKey, `must have at least ${ADMIN_KEY_LENGTH} visible characters and no space`)
  POSTHORN_ADMIN_KEY?: string;

  @IsSecret(
    (text) => listOf(text).length > 0 && listOf(text).every(isEncryptionKey),
    `is not a comma-separated list of base64 keys of ${ENCRYPTION_KEY_BYTES} bytes, newest first; make one with: openssl rand -base64 32`,
  )
  POSTHORN_ENCRYPTION_KEYS?: string;

  @IsIn(['true', 'false', '1', '0'], { message: '"$value" is not true or false' })
  POSTHORN_ALLOW_HTTP?: string;

  @Is((text) => listOf(text).every(isCidr), 'is not a list of CIDR blocks, e.g. 10.0.0.0/8,fd00::/8')
  POSTHORN_ALLOW_TARGETS?: string;

  @Is((text) => listOf(text).every(isCidr), 'is not a list of CIDR blocks, e.g. 127.0.0.1/32,10.0.0.0/8')
  POSTHORN_TRUST_PROXY?: string;

  @Is(
    isSchedule,
    `is not a list of seconds, e.g. 5,30,300 (up to ${MAX_RETRIES} of 0 to ${MAX_RETRY_SECONDS}; empty for one attempt only)`,
  )
  POSTHORN_RETRY_SCHEDULE?: string;

  @Is(
    (text) => text === 'never' || isWhole(text, 1, 1_000_000),
    'is not a number of failed attempts, e.g. 10, or never',
  )
  POSTHORN_PAUSE_AFTER?: string;

  @IsIn(['fail', 'hold'], { message: '"$value" is not one of fail, hold' })
  POSTHORN_ON_EXHAUSTED?: 'fail' | 'hold';

  @Is((text) => isWhole(text, 1, 36_500), 'is not a number of days, e.g. 30')
  POSTHORN_RETENTION_DAYS?: string;

  @Is((text) => isWhole(text, 1, 3_650), 'is not a number of days from 1 to 3650, e.g. 30')
  POSTHORN_HELD_DAYS?: string;

  @Is(
    (text) => isWhole(text, 1, 100_000_000),
    'is not a number of deliveries from 1 to 100000000, e.g. 1000000',
  )
  POSTHORN_HELD_MAX?: string;

  @Is((text) => isWhole(text, 0, 3_600_000), 'is not a number of milliseconds up to an hour, e.g. 20000')
  POSTHORN_SHUTDOWN_GRACE_MS?: string;

  @Is((text) => isWhole(text, 50, 3_600_000), 'is not a number of milliseconds from 50 to an hour, e.g. 2000')
  POSTHORN_SWEEP_INTERVAL_MS?: string;

  @Is(
    (text) => isWhole(text, 1_000, 3_600_000),
    'is not a number of milliseconds from 1000 to an hour, e.g. 30000',
  )
  POSTHORN_LEASE_GRACE_MS?: string;

  @Is(
    isPublicUrl,
    'is not the address of this API from outside, e.g. https://hooks.example.com or https://example.com/posthorn',
  )
  POSTHORN_PUBLIC_URL?: string;

  @Is(
    (text) => listOf(text).every(isOrigin),
    'is not a list of origins, e.g. https://app.example.com,https://example.com',
  )
  POSTHORN_PORTAL_FRAME_ANCESTORS?: string;

  @Is((text) => /^#[0-9a-f]{6}$/i.test(text), 'is not a colour, e.g. #3355ff')
  POSTHORN_PORTAL_ACCENT?: string;

  @Is(
    (text) => isUrl(text, ['https:', 'http:']) && !/[\s"';,<>\\]/.test(text),
    'is not the address of a picture, e.g. https://example.com/logo.svg',
  )
  POSTHORN_PORTAL_LOGO_URL?: string;

  @IsLimit()
  POSTHORN_LIMIT_SUBSCRIPTIONS?: string;

  @IsLimit()
  POSTHORN_LIMIT_KEYS?: string;

  @IsLimit()
  POSTHORN_LIMIT_PORTAL_LINKS?: string;

  @IsLimit()
  POSTHORN_LIMIT_EVENT_TYPES?: string;

  @IsLimit()
  POSTHORN_LIMIT_FILTER_BYTES?: string;

  @IsLimit()
  POSTHORN_LIMIT_FAN_OUT?: string;

  @IsLimit()
  POSTHORN_LIMIT_OPEN_JOBS?: string;

  @IsLimit()
  POSTHORN_LIMIT_EVENTS_PER_SECOND?: string;

  @IsIn(['true', 'false', '1', '0'], { message: '"$value" is not true or false' })
  POSTHORN_TEST_RECEIVER?: string;

  @IsIn(['true', 'false', '1', '0'], { message: '"$value" is not true or false' })
  POSTHORN_PROVIDER_LIMITS?: string;

  @IsIn(['fatal', 'error', 'warn', 'info', 'debug', 'silent'], {
    message: '"$value" is not one of fatal, error, warn, info, debug, silent',
  })
  LOG_LEVEL?: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'silent';
}

/** The entries of a comma-separated list. */
export function listOf(text: string): string[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

export function isAdminKey(text: string): boolean {
  return text.length >= ADMIN_KEY_LENGTH && /^[\x21-\x7e]+$/.test(text);
}

export function isEncryptionKey(text: string): boolean {
  return /^[A-Za-z0-9+/]+={0,2}$/.test(text) && Buffer.from(text, 'base64').length === ENCRYPTION_KEY_BYTES;
}

function Is(test: (text: string) => boolean, message: string): PropertyDecorator {
  return ValidateBy(
    { name: 'is', validator: { validate: test } },
    { message: ({ value }: ValidationArguments) => `"${value}" ${message}` },
  );
}

/** How many of something a space may have. */
function IsLimit(): PropertyDecorator {
  return Is((text) => isWhole(text, 1, 100_000_000), 'is not a number from 1 to 100000000, e.g. 1000');
}

/** Like `Is`, for a value that must not be repeated to a terminal or a log. */
function IsSecret(test: (text: string) => boolean, message: string): PropertyDecorator {
  return ValidateBy({ name: 'isSecret', validator: { validate: test } }, { message: () => message });
}

function isHost(text: string): boolean {
  return isIP(text) !== 0 || isFQDN(text, { require_tld: false });
}

function isUrl(text: string, protocols: string[]): boolean {
  return URL.canParse(text) && protocols.includes(new URL(text).protocol) && new URL(text).hostname !== '';
}

function isOrigin(text: string): boolean {
  return isUrl(text, ['https:', 'http:']) && new URL(text).origin === text;
}

/** An origin with or without a plain path: it becomes part of links and of every page. */
function isPublicUrl(text: string): boolean {
  return isUrl(text, ['https:', 'http:']) && /^https?:\/\/[^/?#@\\\s]+(?:\/[A-Za-z0-9._~-]+)*\/?$/.test(text);
}

function isWhole(text: string, min: number, max: number): boolean {
  return /^\d{1,9}$/.test(text) && Number(text) >= min && Number(text) <= max;
}

function isSchedule(text: string): boolean {
  const entries = text === '' ? [] : text.split(',').map((entry) => entry.trim());
  return entries.length <= MAX_RETRIES && entries.every((entry) => isWhole(entry, 0, MAX_RETRY_SECONDS));
}

/** By the rule that reads the list in the end, but for a lone address: there it is a typo more often than a wish. */
function isCidr(text: string): boolean {
  if (!text.includes('/')) return false;
  try {
    compileAllowList([text]);
    return true;
  } catch {
    return false;
  }
}
