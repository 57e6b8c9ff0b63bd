import type { AddressClass } from '../lib/ip-address.js';
import type { AttemptErrorCode } from '../core/domain-types.js';

/** How long each part of an attempt took, milliseconds. A reused connection has no dns, connect and tls of its own. */
interface AttemptTimings {
  dns: number | null;
  connect: number | null;
  tls: number | null;
  /** From the start of the attempt to the final status line. */
  firstByte: number | null;
  /** From the start of the attempt to its end. */
  total: number;
}

/** Everything one HTTP request brought to light. A receiver's failure is data, so there is no other way to hear of it. */
export interface AttemptOutcome {
  /** As it was called. */
  url: string;
  /** The final status line's (200 and above), kept even when what follows broke off or is malformed. */
  statusCode: number | null;
  /** Why no status line came; null when one did. */
  errorCode: Exclude<AttemptErrorCode, `http_${number}`> | null;
  /** For the delivery log, also about an answer that was not whole. Never a resolved address. */
  errorDetail: string | null;
  /** As received, in order; those before a fault when there was one. */
  responseHeaders: [string, string][];
  /** The first 64 KiB: as they came, until `decompress.ts` has had them. */
  responseBody: Buffer;
  /** Whether the answer went on after what is kept, or broke off. */
  truncated: boolean;
  timings: AttemptTimings;
  /** The kind of address we were connected to; null when there was no connection. */
  addressClass: AddressClass | null;
  /** For how long this process stood still meanwhile, milliseconds: nothing that the endpoint can help. */
  stalledMs: number;
  /** How long to wait before an attempt that we broke off ourselves is repeated, milliseconds. Default 0. */
  repeatMs?: number;
}

type FailureCode = NonNullable<AttemptOutcome['errorCode']>;

/** An attempt that ended before a status line. `message` is fit for the delivery log. */
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
  unreachable: 'No way leads to the endpoint.',
  reset: 'The connection was closed before an answer came.',
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

/** What this process or its machine has run out of: no endpoint can help that. */
const SHORTAGES = new Set(['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM']);
/** A shortage of sockets ends with the requests under way, not sooner for being asked all the time. */
const SHORTAGE_MS = 2_000;

/** Reads an error of Node's sockets by its code. Its message may hold an address and stays here. */
export function failureOf(error: unknown): AttemptFailure {
  if (error instanceof AttemptFailure) return error;
  const code = codeOf(error);
  const known = BY_CODE[code];
  if (known !== undefined) return new AttemptFailure(...known);
  if (/^(?:ERR_SSL_|ERR_TLS_|EPROTO$)/.test(code)) return tlsFailure(error);
  if (SHORTAGES.has(code)) {
    const message = `Posthorn had no socket or memory left for a connection (${code}). Allow its process more of them.`;
    return new AttemptFailure('interrupted', message, SHORTAGE_MS);
  }
  return new AttemptFailure('internal', `The request could not be sent (${code}).`);
}

/** Whether no way leads there from this machine. */
export function isUnreachable(failure: AttemptFailure): boolean {
  return failure.message === MESSAGES.unreachable;
}

/** What went wrong while the connection was made secure. Closings and time-outs keep their own names. */
export function tlsFailure(error: unknown): AttemptFailure {
  const code = codeOf(error);
  const known = BY_CODE[code];
  if (known !== undefined) return new AttemptFailure(...known);
  return new AttemptFailure('tls_error', `The connection could not be made secure (${code}).`);
}

function codeOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'no code';
}
