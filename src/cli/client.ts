import { parseExactly, stringifyExactly } from '../lib/exact-number.js';
import { CliFailure, NoServer } from './cli-failure.js';

interface Problem {
  detail?: string;
  errors?: { path: string; message: string }[];
}

/** A list's page. */
export interface Page<T> {
  data: T[];
  nextCursor: string | null;
}

/**
 * Nothing, `.` and `..`, also percent-encoded: parts that a URL drops, so that it names the list or the space above.
 */
const EMPTY_PATH_PART = /^(?:\.|%(?:25)*2e){0,2}$/i;

/** The API over HTTP. Refusals become `CliFailure`s that say what the server said. */
export class Client {
  private readonly texts = new WeakMap<object, string>();

  constructor(
    readonly url: string,
    private readonly key: string,
  ) {}

  /** Gives the parsed body, its numbers as `ExactNumber` where a double cannot hold them; null when there is none. */
  async call<T>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<T> {
    this.check(path);
    const response = await this.send(method, path, body, headers);
    const text = await response.text().catch(() => {
      throw new NoServer([`The connection to ${this.url} was lost before the whole response came.`]);
    });
    if (!response.ok) throw failureOf(response, text, path);
    const answer = (text === '' ? null : this.parse(text)) as T;
    if (typeof answer === 'object' && answer !== null) this.texts.set(answer, text);
    return answer;
  }

  /** A whole list, whatever its length. `path` has a query. */
  async list<T>(path: string): Promise<Page<T>> {
    const first = await this.call<Page<T>>('GET', path);
    if (first.nextCursor === null) return first;
    const { data } = first;
    for (let cursor: string | null = first.nextCursor; cursor !== null;) {
      const page: Page<T> = await this.call('GET', `${path}&cursor=${encodeURIComponent(cursor)}`);
      data.push(...page.data);
      cursor = page.nextCursor;
    }
    return { data, nextCursor: null };
  }

  /** An answer that is too long to be held. */
  async stream(path: string): Promise<Response> {
    this.check(path);
    const response = await this.send('GET', path, undefined);
    if (!response.ok) throw failureOf(response, await response.text(), path);
    return response;
  }

  /** An answer's very text: printed from what was parsed, a 1.0 would become a 1. Undefined for a part of an answer. */
  textOf(answer: object): string | undefined {
    return this.texts.get(answer);
  }

  private parse(text: string): unknown {
    try {
      return parseExactly(text);
    } catch {
      throw new CliFailure([`The response is no JSON. Check that ${this.url} is Posthorn's address.`]);
    }
  }

  private check(path: string): void {
    checkParts(path);
    if (this.key === '') {
      throw new CliFailure(['No key. Pass --key, or set POSTHORN_KEY; `npm run dev` prints one.']);
    }
  }

  private async send(
    method: string,
    path: string,
    body: unknown,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    try {
      return await fetch(this.url + path, {
        method,
        // fetch would follow a 301 of anything else with a GET.
        redirect: method === 'GET' ? 'follow' : 'manual',
        headers: {
          ...headers,
          authorization: `Bearer ${this.key}`,
          'x-posthorn-client': 'cli',
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        // A string is JSON already: payloads are sent as they were written.
        ...(body !== undefined && { body: typeof body === 'string' ? body : stringifyExactly(body) }),
      });
    } catch {
      throw new NoServer([
        `No server responds at ${this.url}. Start Posthorn, or pass its address with --url.`,
      ]);
    }
  }
}

/** The paths of commands have no such parts of their own: only what a person typed can be one. */
function checkParts(path: string): void {
  const [names = ''] = path.split('?');
  const parts = names.slice(1).split('/');
  if (!parts.some((part) => EMPTY_PATH_PART.test(part))) return;
  throw new CliFailure(['A name or id is empty or "." or "..". Nothing was sent.']);
}

/** A space is often mistyped, and often not the one that a person thinks of: it may come from the environment. */
function adviceFor({ detail }: Problem, path: string): string[] {
  const [, space] = /^\/v1\/spaces\/([^/?]+)/.exec(path) ?? [];
  if (space === undefined || detail !== 'The space was not found.') return [];
  return [
    `  "${decodeURIComponent(space)}" is none that this key may use. \`posthorn spaces list\` shows all (admin key).`,
  ];
}

function failureOf({ status, headers }: Response, text: string, path: string): CliFailure {
  const seconds = Number(headers.get('retry-after') ?? NaN);
  const retryAfter = Number.isNaN(seconds) ? undefined : seconds;
  const location = headers.get('location');
  if (status >= 300 && status < 400 && location !== null)
    return new CliFailure([
      `The server redirects to ${location}. Pass the address that requests end at with --url.`,
    ]);
  try {
    const problem = JSON.parse(text) as Problem;
    const fields = problem.errors?.map(({ path, message }) => `  ${path}: ${message}`) ?? [];
    const headline = fields.length > 0 ? 'The request was refused:' : (problem.detail ?? text);
    return new CliFailure(
      [`${headline} (${status})`, ...fields, ...adviceFor(problem, path)],
      retryAfter,
      status,
    );
  } catch {
    // Not Posthorn's answer, but a proxy's.
    const message = `The server responded with ${status}. Check that the address is Posthorn's.`;
    return new CliFailure([message], retryAfter, status);
  }
}
