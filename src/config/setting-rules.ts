import { isIP } from 'node:net';
import { isEmail, isFQDN } from 'class-validator';
import { parseEgressProxy } from '../core/egress-proxy.js';
import { HostList } from '../lib/host-list.js';
import { compileAllowList } from '../lib/ip-address.js';
import { readCaFile } from './ca-file.js';
import { parseDatabaseAddress } from './database-address.js';
import { parseRedisCluster, parseRedisSentinel } from './redis-address.js';
import { isWhole, commaSeparated, type Rule } from './setting.js';

const MAX_RETRIES = 20;
const MAX_RETRY_SECONDS = 604_800;
export const ENCRYPTION_KEY_BYTES = 32;
const ADMIN_KEY_LENGTH = 16;

export const HOST_RULE: Rule = {
  accepts: (text) => isIP(text) !== 0 || isFQDN(text, { require_tld: false }),
  problem: 'is not an IP address or host name, e.g. 127.0.0.1, or 0.0.0.0 for every interface',
};

export const DATABASE_RULE: Rule = {
  accepts: (text) => parseDatabaseAddress(text) !== null,
  problem:
    'is not the address of a PostgreSQL database, e.g. ' +
    'postgres://user:password@localhost:5432/posthorn, nor of several servers with one that takes ' +
    'writes, e.g. ' +
    'postgres://user:password@host1:5432,host2:5432/posthorn?target_session_attrs=read-write (or ' +
    'primary, or any)',
};

export const ARCHIVE_RULE: Rule = {
  accepts: (text) => /^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?:\/[\w.=/-]*)?$/.test(text),
  problem: 'is not a bucket with an optional prefix, e.g. s3://archive/posthorn',
};

export const ENDPOINT_RULE: Rule = {
  accepts: (text) => isUrl(text, ['http:', 'https:']),
  problem: 'is not the address of S3-compatible storage, e.g. https://minio.example.com:9000',
};

export const REGION_RULE: Rule = {
  accepts: (text) => /^[a-z0-9-]{1,64}$/.test(text),
  problem: 'is not the name of a region, e.g. eu-central-1',
};

export const CREDENTIAL_RULE: Rule = {
  accepts: (text) => /^[\x21-\x7e]+$/.test(text),
  problem: 'has characters that no credential has',
};

export const REDIS_RULE: Rule = {
  accepts: (text) =>
    (isUrl(text, ['redis:', 'rediss:']) && isDecodable(text)) ||
    parseRedisCluster(text) !== null ||
    parseRedisSentinel(text) !== null,
  problem:
    'is not the address of a Redis, e.g. redis://localhost:6379 or rediss://user:password@host:6380, ' +
    'nor of a Redis Cluster, e.g. redis+cluster://host1:6379,host2:6379 or ' +
    'rediss+cluster://user:password@host:6379, nor of a master behind Redis Sentinels, e.g. ' +
    'redis+sentinel://host1:26379,host2:26379/mymaster; percent-encode what is special in user and password',
};

export const PROXY_RULE: Rule = {
  accepts: (text) => parseEgressProxy(text) !== null,
  problem:
    'is not the address of a proxy, e.g. http://user:password@host:3128, or https://, socks5:// or ' +
    'socks5h://; percent-encode what is special in user and password',
};

export const CA_FILE_RULE: Rule = {
  accepts: (text) => {
    try {
      return readCaFile(text).length > 0;
    } catch {
      return false;
    }
  },
  problem:
    'is not a file with certificates in PEM form that this process can read, e.g. /etc/ssl/certs/company-ca.pem',
};

/** At most one address of each family: a second one would never be used. */
export const SOURCE_ADDRESS_RULE: Rule = {
  accepts: (text) => {
    const families = commaSeparated(text).map(isIP);
    return families.every((family) => family !== 0) && new Set(families).size === families.length;
  },
  problem:
    'is not an address of this machine, e.g. 192.0.2.10, or one of each family: 192.0.2.10,2001:db8::10',
};

export const FOLDER_RULE: Rule = { accepts: (text) => !text.includes('\0'), problem: 'is not a folder' };

export const ADMIN_KEY_RULE: Rule = {
  accepts: (text) => text.length >= ADMIN_KEY_LENGTH && /^[\x21-\x7e]+$/.test(text),
  problem: `must have at least ${ADMIN_KEY_LENGTH} visible characters and no space`,
};

export const ENCRYPTION_KEYS_RULE: Rule = {
  accepts: (text) => commaSeparated(text).length > 0 && commaSeparated(text).every(isEncryptionKey),
  problem:
    `is not a comma-separated list of base64 keys of ${ENCRYPTION_KEY_BYTES} bytes, newest first; ` +
    'make one with: openssl rand -base64 32',
};

export const SCHEDULE_RULE: Rule = {
  accepts: (text) => {
    const entries = text === '' ? [] : text.split(',').map((entry) => entry.trim());
    return entries.length <= MAX_RETRIES && entries.every((entry) => isWhole(entry, 0, MAX_RETRY_SECONDS));
  },
  problem:
    `is not a list of seconds, e.g. 5,30,300 (up to ${MAX_RETRIES} of 0 to ${MAX_RETRY_SECONDS}; ` +
    'empty for one attempt only)',
};

export const PAUSE_RULE: Rule = {
  accepts: (text) => text === 'never' || isWhole(text, 1, 1_000_000),
  problem: 'is not a number of failed attempts, e.g. 10, or never',
};

/** An origin with or without a plain path: it becomes part of links and of every page. */
export const PUBLIC_URL_RULE: Rule = {
  accepts: (text) =>
    isUrl(text, ['https:', 'http:']) && /^https?:\/\/[^/?#@\\\s]+(?:\/[A-Za-z0-9._~-]+)*\/?$/.test(text),
  problem:
    'is not the address of this API from outside, e.g. https://hooks.example.com or https://example.com/posthorn',
};

export const OTLP_PROTOCOLS = ['http/protobuf', 'http/json'] as const;

export const OTLP_RULE: Rule = {
  accepts: (text) => isUrl(text, ['https:', 'http:']),
  problem: 'is not the http address of an OpenTelemetry collector, e.g. http://localhost:4318',
};

export const COLOUR_RULE: Rule = {
  accepts: (text) => /^#[0-9a-f]{6}$/i.test(text),
  problem: 'is not a colour, e.g. #3355ff',
};

export const PICTURE_RULE: Rule = {
  accepts: (text) => isUrl(text, ['https:', 'http:']) && !/[\s"';,<>\\]/.test(text),
  problem: 'is not the address of a picture, e.g. https://example.com/logo.svg',
};

/** Without TLS only on this machine: somebody in between could sign in as anybody. */
export const ISSUER_RULE: Rule = {
  accepts: (text) =>
    isUrl(text, ['https:']) ||
    (isUrl(text, ['http:']) && ['localhost', '127.0.0.1', '[::1]'].includes(new URL(text).hostname)),
  problem: 'is not the https address of an OpenID Connect provider, e.g. https://login.example.com',
};

export const SMTP_RULE: Rule = {
  accepts: (text) => isUrl(text, ['smtp:', 'smtps:']),
  problem:
    'is not the address of a mail server, e.g. smtps://user:password@mail.example.com:465; ' +
    'percent-encode what is special in user and password',
};

export const MAIL_FROM_RULE: Rule = {
  accepts: (text) => isEmail(text, { allow_display_name: true }),
  problem: 'is not a sender, e.g. Posthorn <posthorn@example.com>',
};

export const WORD_RULE: Rule = {
  accepts: (text) => /^[\x21-\x7e]{1,200}$/.test(text),
  problem: 'is not the name of a claim, e.g. roles',
};

export const WORDS_RULE: Rule = {
  accepts: (text) => /^[^\p{C}]{1,200}$/u.test(text),
  problem: 'is not a line of up to 200 characters',
};

export function isEncryptionKey(text: string): boolean {
  return /^[A-Za-z0-9+/]+={0,2}$/.test(text) && Buffer.from(text, 'base64').length === ENCRYPTION_KEY_BYTES;
}

export function isOrigin(text: string): boolean {
  return isUrl(text, ['https:', 'http:']) && new URL(text).origin === text;
}

/** By the rule that reads the list in the end, but for a single address: there it is a typo more often than a wish. */
export function isCidr(text: string): boolean {
  if (!text.includes('/')) return false;
  try {
    compileAllowList([text]);
    return true;
  } catch {
    return false;
  }
}

export function isHostEntry(text: string): boolean {
  try {
    new HostList([text]);
    return true;
  } catch {
    return false;
  }
}

/** Whether its user and password can be read: each percent sign of theirs begins an escape. */
function isDecodable(text: string): boolean {
  const { username, password } = new URL(text);
  try {
    decodeURIComponent(username + password);
    return true;
  } catch {
    return false;
  }
}

function isUrl(text: string, protocols: string[]): boolean {
  return URL.canParse(text) && protocols.includes(new URL(text).protocol) && new URL(text).hostname !== '';
}
