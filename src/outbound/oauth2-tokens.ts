import type { OAuth2Client, TokenOwner } from '../core/oauth2.js';
import { AttemptFailure, failureOf, type AttemptOutcome } from './attempt-outcome.js';
import { isOwnFault } from '../core/own-fault.js';
import { decompress, isCompressed } from './decompress.js';
import type { Header } from './http-connection.js';
import { failed, readToken, type Token } from './oauth2-answer.js';
import type { Sender } from './sender.js';
import { Lru } from '../lib/lru.js';

interface Entry {
  token: Promise<string>;
  /** When it was asked for, monotonic milliseconds. */
  askedAt: number;
  /** When to ask for another, monotonic milliseconds. */
  renewAt: number;
}

/** Clients whose tokens are kept. */
const MAX_CLIENTS = 5_000;
/** A token is renewed so long before its end, but not before half its time, milliseconds. */
const RENEW_EARLY_MS = 60_000;
/** A token server that failed is asked again after so long, milliseconds. */
const FAILURE_MS = 1_000;
/** A token that is refused sooner after it was made will not get better, milliseconds. */
const YOUNG_MS = 1_000;
/** The longest time for one token, milliseconds. */
const LIMIT_MS = 10_000;

/** The tokens of this process's OAuth2 clients, in memory only. The token server is called like an endpoint. */
export class OAuth2Tokens {
  private readonly entries = new Lru<Entry>(MAX_CLIENTS);

  constructor(private readonly sender: Sender) {}

  /** How many clients' tokens are kept. */
  get size(): number {
    return this.entries.size;
  }

  /** A token that is valid as far as is known. All who need one share one request. Throws an AttemptFailure. */
  get(owner: TokenOwner): Promise<string> {
    const entry = this.entries.get(owner.key);
    return entry !== undefined && entry.renewAt > performance.now() ? entry.token : this.ask(owner);
  }

  /** Another token after the endpoint refused this one; null when there is none to be had. Throws an AttemptFailure. */
  async replace(owner: TokenOwner, refused: string): Promise<string | null> {
    const entry = this.entries.get(owner.key);
    if (entry !== undefined) {
      const current = await entry.token;
      if (current !== refused) return current;
      if (performance.now() - entry.askedAt < YOUNG_MS) return null;
      // Somebody else may have replaced it meanwhile.
      if (this.entries.get(owner.key) !== entry) return this.get(owner);
    }
    const token = await this.ask(owner);
    return token === refused ? null : token;
  }

  private ask(owner: TokenOwner): Promise<string> {
    const askedAt = performance.now();
    const answer = this.request(owner);
    const entry: Entry = { token: answer.then(({ value }) => value), askedAt, renewAt: Infinity };
    entry.token.catch(() => undefined);
    answer.then(
      ({ lifetimeMs }) => (entry.renewAt = askedAt + Math.max(lifetimeMs - RENEW_EARLY_MS, lifetimeMs / 2)),
      () => (entry.renewAt = performance.now() + FAILURE_MS),
    );
    this.entries.set(owner.key, entry);
    return entry.token;
  }

  private async request({ spaceId, client }: TokenOwner): Promise<Token> {
    const outcome = await this.sender.send({
      spaceId,
      url: client.tokenUrl,
      headers: headersOf(client),
      body: Buffer.from(formOf(client)),
      timeoutMs: LIMIT_MS,
    });
    return answerOf(isCompressed(outcome) ? await decompress(outcome) : outcome);
  }
}

/** Throws an AttemptFailure. */
function answerOf(outcome: AttemptOutcome): Token {
  const { errorCode, errorDetail } = outcome;
  if (errorCode === null) return readToken(outcome);
  // A fault on our side stays one.
  if (isOwnFault(errorCode)) throw new AttemptFailure(errorCode, errorDetail ?? '', outcome.repeatMs);
  throw failed(`${errorCode}: ${(errorDetail ?? '').replace(/\.$/, '')}`);
}

/** The outcome of an attempt that could not be made, since there was no token. */
export function outcomeWithoutToken(url: string, error: unknown, startedAt: number): AttemptOutcome {
  const { errorCode, message, repeatMs } = failureOf(error);
  return {
    url,
    statusCode: null,
    errorCode,
    errorDetail: message,
    responseHeaders: [],
    responseBody: Buffer.alloc(0),
    truncated: false,
    timings: { dns: null, connect: null, tls: null, firstByte: null, total: performance.now() - startedAt },
    addressClass: null,
    stalledMs: 0,
    ...(repeatMs > 0 && { repeatMs }),
  };
}

function formOf({ clientId, clientSecret, scope, audience, authMethod }: OAuth2Client): string {
  const form = new URLSearchParams({ grant_type: 'client_credentials' });
  if (scope !== undefined) form.set('scope', scope);
  if (audience !== undefined) form.set('audience', audience);
  if (authMethod === 'client_secret_post') {
    form.set('client_id', clientId);
    form.set('client_secret', clientSecret);
  }
  return form.toString();
}

function headersOf({ clientId, clientSecret, authMethod }: OAuth2Client): Header[] {
  const headers: Header[] = [
    ['content-type', 'application/x-www-form-urlencoded'],
    ['accept', 'application/json'],
  ];
  if (authMethod === 'client_secret_post') return headers;
  // Each part is form-encoded first (RFC 6749, section 2.3.1).
  const login = `${formEncoded(clientId)}:${formEncoded(clientSecret)}`;
  return [...headers, ['authorization', `Basic ${Buffer.from(login).toString('base64')}`]];
}

function formEncoded(text: string): string {
  return new URLSearchParams({ a: text }).toString().slice(2);
}
