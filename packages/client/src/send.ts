import { ConnectionError, ProblemError, problemOf, redirectOf } from './problem.js';
import { delayMs, didNothing, isRepeatable, mayRepeat, type RetryOptions } from './retry.js';

const MAX_REDIRECTS = 5;

/** What a request is sent with. */
export interface Sending {
  fetch: (request: Request) => Promise<Response>;
  key: string | (() => string | Promise<string>);
  /** For each attempt until its body has come, milliseconds. */
  timeoutMs: number;
  retry: RetryOptions;
}

/**
 * Sends a request, again when that is safe and may help. Gives the first answer that is 2xx.
 * @param repeatable whether the request does the same when it arrives twice; by its method unless given
 * @throws {ProblemError} what the server refused it with
 * @throws {ConnectionError} when no answer came
 */
export async function send(
  sending: Sending,
  request: Request,
  repeatable = isRepeatable(request),
): Promise<Response> {
  let mayBeDone = false;
  for (let n = 0; ; n += 1) {
    try {
      return await attempt(sending, request.clone());
    } catch (failure) {
      if (!(failure instanceof ProblemError || failure instanceof ConnectionError)) throw failure;
      // An earlier attempt has deleted it, and its answer was lost.
      if (mayBeDone && request.method === 'DELETE' && isNotFound(failure))
        return new Response(null, { status: 204 });
      mayBeDone ||= !didNothing(failure);
      const asked = failure instanceof ProblemError ? failure.retryAfterMs : null;
      const delay = mayRepeat(failure, repeatable) ? delayMs(sending.retry, n, asked, Math.random()) : null;
      if (delay === null) throw failure;
      await pause(delay, request.signal);
    }
  }
}

function isNotFound(failure: ProblemError | ConnectionError): boolean {
  return failure instanceof ProblemError && failure.status === 404;
}

async function attempt({ fetch, key, timeoutMs }: Sending, request: Request): Promise<Response> {
  request.headers.set('authorization', `Bearer ${typeof key === 'string' ? key : await key()}`);
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), timeoutMs);
  try {
    const signal = AbortSignal.any([request.signal, timeout.signal]);
    const response = await sent(fetch, new Request(request, { signal }));
    if (!response.ok) throw await problemOf(response, request.url, Date.now());
    return await whole(response);
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    request.signal.throwIfAborted();
    const { host } = new URL(request.url);
    throw timeout.signal.aborted
      ? new ConnectionError('timeout', `${host} did not answer within ${timeoutMs} ms.`, { cause: error })
      : new ConnectionError('network', `${host} cannot be reached, or the connection broke.`, {
          cause: error,
        });
  } finally {
    clearTimeout(timer);
  }
}

/**
 * A redirect turns what is to be written into a read of the new address, whose answer looks like a success. Only 307
 * and 308 keep the method, and are followed on the same server; others are answers.
 */
async function sent(fetch: Sending['fetch'], request: Request): Promise<Response> {
  if (request.method === 'GET' || request.method === 'HEAD') return fetch(request);
  const { method, headers, signal } = request;
  const again = request.clone();
  let response = await fetch(new Request(request, { redirect: 'manual' }));
  let at = request.url;
  for (let hop = 0; hop < MAX_REDIRECTS; hop += 1) {
    const url = response.status === 307 || response.status === 308 ? redirectOf(response, at) : null;
    // The key is for this server alone.
    if (url?.origin !== new URL(request.url).origin) break;
    at = url.href;
    await response.body?.cancel();
    const body = await again.clone().arrayBuffer();
    response = await fetch(new Request(url, { method, headers, signal, body, redirect: 'manual' }));
  }
  return response;
}

/** The body belongs to the attempt: a connection that breaks in it is a failure, too. */
async function whole(response: Response): Promise<Response> {
  const { status, statusText, headers } = response;
  const body = await response.arrayBuffer();
  return new Response(status === 204 ? null : body, { status, statusText, headers });
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', end);
      resolve();
    }, ms);
    signal.addEventListener('abort', end, { once: true });
  });
}
