/*
 * W3C trace context as it is stored: the `traceparent`, then a space and the `tracestate` where there is one.
 * https://www.w3.org/TR/trace-context/
 */

const TRACEPARENT =
  /^(?!ff)([0-9a-f]{2})-((?!0{32})[0-9a-f]{32})-((?!0{16})[0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const TRACESTATE = /^[\x20-\x7e]{1,512}$/;
const TRACEPARENT_LENGTH = 55;
const ONLY_VERSION = '00';

/** The parts of a stored trace context. */
export interface TraceContext {
  traceparent: string;
  tracestate: string | null;
}

/** The trace context of a request's headers; null when it has none or an invalid one, which is no error. */
export function readTraceContext(traceparent: unknown, tracestate: unknown): string | null {
  if (typeof traceparent !== 'string') return null;
  const [, version, traceId, spanId, flags, rest] = TRACEPARENT.exec(traceparent.trim()) ?? [];
  if (version === undefined || (version === ONLY_VERSION && rest !== undefined)) return null;
  // A version that is not known yet begins with the same four parts.
  const known = `${ONLY_VERSION}-${traceId}-${spanId}-${flags}`;
  const state = typeof tracestate === 'string' ? tracestate.trim() : '';
  return TRACESTATE.test(state) ? `${known} ${state}` : known;
}

export function splitTraceContext(stored: string): TraceContext {
  return {
    traceparent: stored.slice(0, TRACEPARENT_LENGTH),
    tracestate: stored.length > TRACEPARENT_LENGTH ? stored.slice(TRACEPARENT_LENGTH + 1) : null,
  };
}

/** 32 hex digits. */
export function traceIdOf(stored: string): string {
  return stored.slice(3, 35);
}
