import type { OnExhausted } from '../core/domain-types.js';
import { DEFAULT_LIMITS, type Limits } from '../core/limits.js';

/** Which part of the engine a process runs. */
export type Role = 'all' | 'api' | 'worker';

/**
 * Every setting, read once at boot (`read-settings.ts`) and injected from then on. Each one's environment
 * variable, default and meaning stand in `.env.example`.
 */
export class Settings {
  role: Role = 'all';
  host = '127.0.0.1';
  port = 8080;
  /** Empty: the embedded PostgreSQL under `dataDir` is started and this is set to its address. */
  databaseUrl = '';
  /** Empty: BullMQ runs on its PostgreSQL backend, in the same database. */
  redisUrl = '';
  /** Over how many queues rings are spread. More than one only on Redis. */
  queueShards = 1;
  dataDir = '.posthorn';
  adminKey = '';
  /** 32-byte keys in base64 that seal secrets at rest, newest first. */
  encryptionKeys: string[] = [];
  /** Whether subscriptions may use http:// besides https://. */
  allowHttp = false;
  /** CIDR blocks of private or special addresses that endpoints may live in. */
  allowTargets: string[] = [];
  /** CIDR blocks of proxies whose `X-Forwarded-*` headers are believed. */
  trustProxy: string[] = [];
  /** Default seconds between attempts. */
  retrySchedule: number[] = [5, 30, 300, 3600, 21600];
  /** Default number of consecutive failed attempts that pauses a subscription; null: never. */
  pauseAfter: number | null = 10;
  /** Default for what becomes of a delivery whose schedule is used up while its endpoint is down. */
  onExhausted: OnExhausted = 'fail';
  retentionDays = 30;
  /** For how many days what is held waits for its subscription. */
  heldDays = 30;
  /** How many deliveries are held for one subscription. */
  heldMax = 1_000_000;
  /** How often the sweeper looks for due deliveries nobody holds, milliseconds. */
  sweepIntervalMs = 2_000;
  /** How long after an endpoint's timeout a silent worker's delivery is given to another, milliseconds. */
  leaseGraceMs = 30_000;
  /** How long a stopping worker waits for requests in flight before it hands them back, milliseconds. */
  shutdownGraceMs = 20_000;
  /** Where the API is reached from outside, without a slash at the end. Empty: as each request says. */
  publicUrl = '';
  /** Origins whose pages may show the dashboard in a frame. */
  portalFrameAncestors: string[] = [];
  /** The dashboard's accent colour, `#rrggbb`; empty: its own. */
  portalAccent = '';
  /** The logo the dashboard shows; empty: its own. */
  portalLogoUrl = '';
  /** What a space may have where it has no limits of its own. */
  spaceLimits: Limits = { ...DEFAULT_LIMITS };
  /** Whether spaces may have receivers inside the engine, to test with. */
  testReceiver = false;
  /** Whether the providers' own APIs refuse more webhooks than the provider is said to. */
  providerLimits = false;
  logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'silent' = 'info';
}
