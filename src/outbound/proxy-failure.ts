import { AttemptFailure } from './attempt-outcome.js';

/** Before an attempt that the proxy failed is repeated, milliseconds. */
const REPEAT_MS = 2_000;

/** The proxy could not be reached, or closed the connection. */
export function proxyUnreachable(message: string): AttemptFailure {
  return new AttemptFailure('proxy_unreachable', message, REPEAT_MS);
}

/** The proxy's answer makes no sense. */
export function proxyError(message: string): AttemptFailure {
  return new AttemptFailure('proxy_error', message, REPEAT_MS);
}

/** The proxy wants other credentials. */
export function proxyAuthFailed(answer: string): AttemptFailure {
  const message =
    `The egress proxy did not accept Posthorn's credentials (${answer}). Check those in ` +
    'POSTHORN_EGRESS_PROXY.';
  return new AttemptFailure('proxy_auth_failed', message, REPEAT_MS);
}

/** The proxy's rules forbid the endpoint. */
export function proxyRefused(answer: string): AttemptFailure {
  return new AttemptFailure(
    'proxy_refused',
    `The egress proxy does not allow connections to the endpoint (${answer}). Allow its host and port there.`,
  );
}

/** The proxy reports, or shows, that it does not reach the endpoint. */
export class NotReachedByProxy extends AttemptFailure {}

/** The proxy works, but the endpoint accepts no connection from it. */
export function endpointRefusedProxy(answer: string): NotReachedByProxy {
  return new NotReachedByProxy(
    'connection_refused',
    `The egress proxy could not connect to the endpoint (${answer}).`,
  );
}

/** The proxy works, but the endpoint did not answer it in time. */
export function endpointSilentToProxy(answer: string): NotReachedByProxy {
  return new NotReachedByProxy(
    'timeout',
    `The egress proxy could not connect to the endpoint in time (${answer}).`,
  );
}
