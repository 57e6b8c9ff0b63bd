import type { TokenOwner } from '../../core/oauth2.js';
import type { AttemptOutcome } from '../../outbound/attempt-outcome.js';
import type { Header } from '../../outbound/http-connection.js';
import { failed } from '../../outbound/oauth2-answer.js';
import { outcomeWithoutToken, type OAuth2Tokens } from '../../outbound/oauth2-tokens.js';
import type { Sender, SendRequest } from '../../outbound/sender.js';
import { StallAwareTimer } from '../../outbound/stall-aware-timer.js';

/** With less time than this a request is not sent again, milliseconds. */
const MIN_REST_MS = 250;

/** An outcome, and the token that the request had; null: there was none to be had. */
export interface SentWithToken {
  outcome: AttemptOutcome;
  token: string | null;
}

/**
 * Sends a request with the client's access token, all within the request's time. When the endpoint answers 401 to a
 * token that was kept, sends it once more with a new one.
 */
export async function sendWithToken(
  sender: Sender,
  tokens: OAuth2Tokens,
  owner: TokenOwner,
  request: SendRequest,
): Promise<SentWithToken> {
  const startedAt = performance.now();
  const restMs = (): number => request.timeoutMs - (performance.now() - startedAt);
  const send = (token: string): Promise<AttemptOutcome> =>
    sender.send({ ...request, headers: withToken(request.headers, token), timeoutMs: Math.max(1, restMs()) });
  let token: string;
  try {
    token = await within(request.timeoutMs, tokens.get(owner));
  } catch (error) {
    return { outcome: outcomeWithoutToken(request.url, error, startedAt), token: null };
  }
  const outcome = await send(token);
  if (outcome.statusCode !== 401 || restMs() < MIN_REST_MS) return { outcome, token };
  // Without another token the 401 stands.
  const other = await within(restMs(), tokens.replace(owner, token)).catch(() => null);
  if (other === null || restMs() < MIN_REST_MS) return { outcome, token };
  return { outcome: await send(other), token: other };
}

/** The token replaces a header of the subscription's own. */
function withToken(headers: readonly Header[], token: string): Header[] {
  return [...withoutAuthorization(headers), ['authorization', `Bearer ${token}`]];
}

/** The headers as the log may show them. */
export function loggedWithToken(logged: string): string {
  return JSON.stringify([...withoutAuthorization(JSON.parse(logged) as Header[]), ['authorization', '***']]);
}

function withoutAuthorization(headers: readonly Header[]): Header[] {
  return headers.filter(([name]) => name.toLowerCase() !== 'authorization');
}

function within<T>(limitMs: number, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = new StallAwareTimer(limitMs, () => reject(failed('It did not respond in time')));
    promise.then(resolve, reject).finally(() => timer.clear());
  });
}
