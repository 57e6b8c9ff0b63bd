import type { AddressClass } from '../lib/ip-address.js';
import type { AttemptErrorCode } from '../core/domain-types.js';

/** How long each part of an attempt took, milliseconds. On a reused connection dns, connect and tls are null. */
interface AttemptTimings {
  dns: number | null;
  connect: number | null;
  tls: number | null;
  /** From the start of the attempt to the final status line. */
  firstByte: number | null;
  /** From the start of the attempt to its end. */
  total: number;
}

/** Everything known about one HTTP request. Failures of receivers are data: nothing is thrown for them. */
export interface AttemptOutcome {
  /** The URL that was requested. */
  url: string;
  /** The final status line's, whatever its number, kept even when what follows broke off or is malformed. */
  statusCode: number | null;
  /** Why there is no status; null when there is one. */
  errorCode: Exclude<AttemptErrorCode, `http_${number}`> | null;
  /** For the delivery log, also about an incomplete response. Never contains a resolved address. */
  errorDetail: string | null;
  /** As received, in order; after an error, those before it. */
  responseHeaders: [string, string][];
  /** The first 64 KiB as received; `decompress.ts` replaces them by plain bytes. */
  responseBody: Buffer;
  /** Whether the body is longer than what is kept, or incomplete. */
  truncated: boolean;
  timings: AttemptTimings;
  /** The class of the address that was connected to; null without a connection. */
  addressClass: AddressClass | null;
  /** Of a connection opened for it: until when the endpoint's certificate is valid, epoch milliseconds. */
  certificateUntil?: number | null;
  /** For how long this process stalled during the attempt, milliseconds: that is not the endpoint's fault. */
  stalledMs: number;
  /** How long to wait before an attempt that Posthorn aborted is repeated, milliseconds. Default 0. */
  repeatMs?: number;
}

type FailureCode = NonNullable<AttemptOutcome['errorCode']>;

/** An attempt that ended without a status. `message` may be shown in the delivery log. */
export class AttemptFailure extends Error {
  constructor(
    readonly errorCode: FailureCode,
    message: string,
    readonly repeatMs = 0,
  ) {
    super(message);
    this.name = 'AttemptFailure';
  }
}

const MESSAGES: Record<'refused' | 'unreachable' | 'reset' | 'timeout', string> = {
  refused: 'The endpoint refused the connection.',
  unreachable: 'There is no network route to the endpoint.',
  reset: 'The connection was closed before a response was received.',
  timeout: 'The connection attempt timed out.',
};

const BY_CODE: Record<string, [FailureCode, string]> = {
  ECONNREFUSED: ['connection_refused', MESSAGES.refused],
  EHOSTUNREACH: ['connection_refused', MESSAGES.unreachable],
  ENETUNREACH: ['connection_refused', MESSAGES.unreachable],
  EHOSTDOWN: ['connection_refused', MESSAGES.unreachable],
  ENETDOWN: ['connection_refused', MESSAGES.unreachable],
  EADDRNOTAVAIL: ['connection_refused', MESSAGES.unreachable],
  EACCES: ['connection_refused', MESSAGES.unreachable],
  EPERM: ['connection_refused', MESSAGES.unreachable],
  ECONNRESET: ['connection_reset', MESSAGES.reset],
  ECONNABORTED: ['connection_reset', MESSAGES.reset],
  EPIPE: ['connection_reset', MESSAGES.reset],
  ETIMEDOUT: ['timeout', MESSAGES.timeout],
};

/** Errors of this process or its machine, which say nothing about the endpoint. */
const SHORTAGES = new Set(['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM']);
/** Sockets become free when requests end, so a repeat waits, milliseconds. */
const SHORTAGE_MS = 2_000;

/** Translates an error of Node's sockets by its code. Its message may contain an address, so it is not used. */
export function failureOf(error: unknown): AttemptFailure {
  if (error instanceof AttemptFailure) return error;
  const code = codeOf(error);
  const known = BY_CODE[code];
  if (known !== undefined) return new AttemptFailure(...known);
  if (/^(?:ERR_SSL_|ERR_TLS_|EPROTO$)/.test(code)) return tlsFailure(error);
  if (SHORTAGES.has(code)) {
    const message = `No sockets or memory are left for a connection (${code}). Raise the limits of Posthorn's process.`;
    return new AttemptFailure('interrupted', message, SHORTAGE_MS);
  }
  return new AttemptFailure('internal', `The request could not be sent (${code}).`);
}

/** Whether this machine has no route to the address. */
export function isUnreachable(failure: AttemptFailure): boolean {
  return failure.message === MESSAGES.unreachable;
}

/** Translates an error during the TLS handshake. Closed connections and time-outs keep their own codes. */
export function tlsFailure(error: unknown): AttemptFailure {
  const code = codeOf(error);
  const known = BY_CODE[code];
  if (known !== undefined) return new AttemptFailure(...known);
  return new AttemptFailure('tls_error', `The TLS connection failed (${code}).`);
}

/** The code of an error of Node's sockets. */
export function codeOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'no code';
}
