import createClient from 'openapi-fetch';
import { BY_APPLICATION, BY_COOKIE, endSession, storedKey } from '../session/key-store.js';
import { heard, missed } from './connection.js';
import { keepNumbers, writeNumbers } from '../text/exact-numbers.js';
import type { components, paths } from './schema.js';

/** The API's words, as openapi.json has them. */
export type Schemas = components['schemas'];

/** Where the engine answers: the folder this page came from, so a proxy may put it below any path. */
export const BASE = new URL('.', document.baseURI).href.replace(/\/$/, '');

/** What the engine said no with (RFC 9457). */
export class ApiError extends Error {
  override name = 'ApiError';

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    /** What is wrong with which field. */
    readonly issues: { path: string; message: string }[] = [],
  ) {
    super(message);
  }

  static async of(response: Response): Promise<ApiError> {
    const problem = (await response.json().catch(() => ({}))) as Partial<Schemas['Problem']>;
    const issues = (problem.errors ?? []) as { path: string; message: string }[];
    const message =
      problem.detail ??
      (isGateway(response.status) ? UNREACHABLE : `The server responded with ${response.status}.`);
    return new ApiError(response.status, problem.code ?? `http_${response.status}`, message, issues);
  }
}

const UNREACHABLE = 'Posthorn does not respond. It may be restarting. This page keeps trying.';

/** What a proxy answers with when there is no engine behind it, and the engine itself without its database. */
export function isGateway(status: number): boolean {
  return status === 502 || status === 503 || status === 504;
}

/** Sends with the key of this session; throws `ApiError` unless the answer is 2xx. A 401 ends the session. */
async function send(request: Request): Promise<Response> {
  const key = storedKey();
  if (key !== null && key !== BY_COOKIE && !BY_APPLICATION)
    request.headers.set('authorization', `Bearer ${key}`);
  request.headers.set('x-posthorn-client', 'dashboard');
  const response = await fetch(request).catch(() => {
    missed();
    throw new ApiError(0, 'unreachable', UNREACHABLE);
  });
  if (isGateway(response.status)) missed();
  else heard();
  if (response.ok) return EXACT.test(new URL(request.url).pathname) ? exactly(response) : response;
  // Another session may have begun meanwhile.
  if (response.status === 401 && key !== null && key === storedKey())
    endSession(key === BY_COOKIE ? 'Your session has ended.' : 'The key or link is no longer valid.');
  throw await ApiError.of(response);
}

/** Filters, an event's data and what the audit log shows of filters hold numbers of any length. */
const EXACT =
  /\/v1\/(?:spaces\/[^/]+\/(?:subscriptions(?:\/[^/]+(?:\/history)?)?|events\/[^/]+|audit)|audit)$/;

async function exactly(response: Response): Promise<Response> {
  const { status, headers } = response;
  const text = await response.text();
  return new Response(status === 204 ? null : keepNumbers(text), { status, headers });
}

const client = createClient<paths>({ baseUrl: BASE, fetch: send, bodySerializer: writeNumbers });
export const { GET, POST, PUT, PATCH, DELETE } = client;

/** The body of an answer that has one. Errors were thrown before. */
export async function body<T>(call: Promise<{ data?: T }>): Promise<T> {
  const { data } = await call;
  if (data === undefined) throw new ApiError(0, 'empty', 'The response has no body.');
  return data;
}

/** A call whose body must be sent byte for byte, or which the document does not describe. */
export async function call<T>(method: string, path: string, content?: string | object): Promise<T> {
  const text = content === undefined || typeof content === 'string' ? content : JSON.stringify(content);
  const request = new Request(BASE + path, {
    method,
    ...(text !== undefined && { body: text, headers: { 'content-type': 'application/json' } }),
  });
  const response = await send(request);
  const answer = await response.text();
  return (answer === '' ? undefined : JSON.parse(answer)) as T;
}

/** Saves an answer as a file, under the name that it brings. One that is cut is not saved. */
export async function download(path: string): Promise<void> {
  const response = await send(new Request(BASE + path));
  const name = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1];
  const content = await response.blob().catch(() => {
    throw new ApiError(0, 'cut', 'The download was interrupted and nothing was saved. Try again.');
  });
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name ?? 'export';
  link.click();
  // The browser reads it after the click.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
