import { setTimeout as sleep } from 'node:timers/promises';
import { CliFailure } from '../cli-failure.js';

const TRIES = 5;
const TIMEOUT_MS = 30_000;
/** Nobody waits longer for another system, seconds. */
const LONGEST_WAIT_S = 60;

/** Lets no more than so many requests a second begin. */
export class RequestThrottle {
  private next = 0;

  constructor(private readonly perSecond: number) {}

  async wait(): Promise<void> {
    const now = performance.now();
    const at = Math.max(now, this.next);
    this.next = at + 1_000 / this.perSecond;
    if (at > now) await sleep(at - now);
  }
}

/** The other system answered, and gives this thing to nobody or not to this key. */
export class SourceRefusal extends CliFailure {}

type Answer = { ok: true; text: string } | ({ ok: false } & Pick<Response, 'status' | 'headers'>);

/** Reads the other system's API. Its errors name the path and the status, never the key. */
export class SourceClient {
  private readonly base: string;

  constructor(
    url: string,
    private readonly key: string,
    private readonly throttle: RequestThrottle,
  ) {
    if (!/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : ''))
      throw new CliFailure([`"${url}" is not an http address. Pass the other system's API with --from.`]);
    this.base = url.replace(/\/+$/, '');
  }

  /** Throws CliFailure; waits and asks again after a 429, a 5xx or a broken connection. */
  async get<T>(path: string, query: Record<string, string | null> = {}): Promise<T> {
    const given = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== null);
    const search = new URLSearchParams(given).toString();
    const url = `${this.base}${path}${search && `?${search}`}`;
    for (let tried = 1; ; tried += 1) {
      await this.throttle.wait();
      const answer = await this.ask(url);
      if (typeof answer !== 'string' && answer.ok) return JSON.parse(answer.text) as T;
      const why = typeof answer === 'string' ? answer : `it answered ${answer.status}`;
      const isPassing = typeof answer === 'string' || answer.status === 429 || answer.status >= 500;
      const message = [`GET ${path} failed: ${why}.`];
      if (!isPassing) throw new SourceRefusal(message);
      if (tried === TRIES) throw new CliFailure(message);
      const asked = typeof answer === 'string' ? NaN : Number(answer.headers.get('retry-after') ?? NaN);
      await sleep(1_000 * Math.min(LONGEST_WAIT_S, Number.isFinite(asked) ? asked : 2 ** (tried - 2)));
    }
  }

  /** A text: why there is no whole answer. */
  private async ask(url: string): Promise<Answer | string> {
    try {
      const response = await fetch(url, {
        headers: { authorization: `Bearer ${this.key}`, accept: 'application/json' },
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      // A connection may break in the body, too.
      const text = await response.text();
      const { ok, status, headers } = response;
      return ok ? { ok, text } : { ok: false, status, headers };
    } catch {
      return 'nothing answers there';
    }
  }
}
