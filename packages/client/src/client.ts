import createOpenapiClient, { type FetchResponse, type MaybeOptionalInit } from 'openapi-fetch';
import { DEFAULT_RETRY, type RetryOptions } from './retry.js';
import type { components, paths } from './schema.js';
import { send, type Sending } from './send.js';

/** The objects of the API by name, as openapi.json has them: `Schemas['SubscriptionView']`. */
export type Schemas = components['schemas'];

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** The paths that have a method. */
type PathsWith<M extends Method> = {
  [P in keyof paths]: paths[P] extends Record<M, object> ? P : never;
}[keyof paths];

/** What a call resolves to; undefined where the answer has no body. */
type Body<P extends keyof paths, M extends Method, I> =
  FetchResponse<paths[P][M] & Record<string, unknown>, I, 'application/json'> extends infer Answer
    ? Answer extends { error?: never; data: infer D }
      ? D
      : never
    : never;
type Result<P extends keyof paths, M extends Method, I> = [Body<P, M, I>] extends [never]
  ? undefined
  : Body<P, M, I>;

/** The options of a call: `params`, `body`, `headers`, `signal`. They may be left out when none is needed. */
type Options<I> = undefined extends I ? [options?: I] : [options: I];

type Call<M extends Method> = <P extends PathsWith<M>, I extends MaybeOptionalInit<paths[P], M>>(
  path: P,
  ...options: Options<I>
) => Promise<Result<P, M, I>>;

/** What the pages of a list hold. */
type Item<P extends PathsWith<'get'>> =
  Body<P, 'get', object> extends { data: (infer T)[]; nextCursor: string | null } ? T : never;

/** An event to publish. With a map of event types as the client's parameter, `type` and `data` are checked by it. */
export type NewEvent<Events extends object = Record<string, unknown>> = {
  [Type in keyof Events & string]: Omit<Schemas['NewEventInput'], 'type' | 'data' | 'id'> & {
    type: Type;
    data: Events[Type];
    /** Your own id of the event; the same id never becomes two events. Made up unless given. */
    id?: string;
  };
}[keyof Events & string];

export type PublishedEvent = Schemas['PublishedView'];

export interface PublishOptions {
  signal?: AbortSignal;
  /** Make the space if there is none with this uid. Needs the admin key. */
  upsertSpace?: boolean;
}

export interface ClientOptions {
  /** Where Posthorn answers: `https://webhooks.example.com`. */
  url: string;
  /** An API key, or what gives the current one; it is asked before each request. */
  key: string | (() => string | Promise<string>);
  /** How long an attempt may take, milliseconds; 30,000 unless given. */
  timeoutMs?: number;
  /** How requests are repeated; false: not at all. */
  retry?: Partial<RetryOptions> | false;
  /** Another `fetch`, for proxies and tests. */
  fetch?: (request: Request) => Promise<Response>;
  /** Added to every request. */
  headers?: Record<string, string>;
}

/** Posthorn's HTTP API. Every call throws `ProblemError` or `ConnectionError` unless the answer is 2xx. */
export class PosthornClient<Events extends object = Record<string, unknown>> {
  /** The same API with `{ data, response }` as result, for what needs an answer's headers. */
  readonly raw: ReturnType<typeof createOpenapiClient<paths>>;
  private readonly sending: Sending;

  constructor({ url, key, timeoutMs = 30_000, retry = {}, fetch: given, headers }: ClientOptions) {
    this.sending = {
      key,
      timeoutMs,
      retry: retry === false ? { ...DEFAULT_RETRY, retries: 0 } : { ...DEFAULT_RETRY, ...retry },
      fetch: given ?? ((request) => fetch(request)),
    };
    this.raw = createOpenapiClient<paths>({
      baseUrl: url,
      fetch: (request) => send(this.sending, request),
      headers: { 'x-posthorn-client': 'client', ...headers },
    });
  }

  readonly get: Call<'get'> = (path, ...options) => this.call('get', path, options);
  readonly post: Call<'post'> = (path, ...options) => this.call('post', path, options);
  readonly put: Call<'put'> = (path, ...options) => this.call('put', path, options);
  readonly patch: Call<'patch'> = (path, ...options) => this.call('patch', path, options);
  readonly delete: Call<'delete'> = (path, ...options) => this.call('delete', path, options);

  /**
   * Publishes an event. It has an id, yours or a new one, so the request can be repeated without a second event.
   * @param space the space's `spc_` id or uid
   */
  async publish(
    space: string,
    event: NewEvent<Events>,
    options: PublishOptions = {},
  ): Promise<PublishedEvent> {
    return (await this.publishBody(space, withId(event), options)) as PublishedEvent;
  }

  /** Publishes up to 1,000 events: all of them, or none when it throws. */
  async publishMany(
    space: string,
    events: readonly NewEvent<Events>[],
    options: PublishOptions = {},
  ): Promise<PublishedEvent[]> {
    if (events.length === 0) return [];
    const answer = await this.publishBody(space, events.map(withId), options);
    return (answer as Schemas['PublishedList']).data;
  }

  private async publishBody(
    space: string,
    body: Schemas['NewEventInput'] | Schemas['NewEventInput'][],
    { signal, upsertSpace }: PublishOptions,
  ) {
    const { data } = await this.raw.POST('/v1/spaces/{space}/events', {
      params: { path: { space }, ...(upsertSpace && { query: { upsertSpace } }) },
      body,
      fetch: (request) => send(this.sending, request, true),
      ...(signal && { signal }),
    });
    return data;
  }

  /** All things of a list, page by page, as they are read: `for await (const delivery of client.list(…))`. */
  async *list<P extends PathsWith<'get'>, I extends MaybeOptionalInit<paths[P], 'get'>>(
    path: P,
    ...[options]: Options<I>
  ): AsyncGenerator<Item<P>, void, undefined> {
    for await (const page of this.pagesOf<Item<P>>(path, options)) yield* page;
  }

  /** The same, an array for each page. */
  pages<P extends PathsWith<'get'>, I extends MaybeOptionalInit<paths[P], 'get'>>(
    path: P,
    ...[options]: Options<I>
  ): AsyncGenerator<Item<P>[], void, undefined> {
    return this.pagesOf<Item<P>>(path, options);
  }

  private async *pagesOf<T>(
    path: string,
    given: { params?: { query?: object } } = {},
  ): AsyncGenerator<T[], void, undefined> {
    let cursor: string | null = null;
    do {
      const query: object = { ...given.params?.query, ...(cursor !== null && { cursor }) };
      const options = { ...given, params: { ...given.params, query } };
      const page: { data: T[]; nextCursor: string | null } = await this.call('get', path, [options]);
      yield page.data;
      cursor = page.nextCursor;
    } while (cursor !== null);
  }

  /** The types are those of the public methods; here only the name of the method differs. */
  private async call<T>(method: Method, path: string, [options]: readonly unknown[]): Promise<T> {
    const request = this.raw.request as (
      method: Method,
      path: string,
      options: unknown,
    ) => Promise<{ data: T }>;
    return (await request(method, path, options)).data;
  }
}

function withId(event: { id?: string }): Schemas['NewEventInput'] {
  return { ...event, id: event.id ?? crypto.randomUUID() } as Schemas['NewEventInput'];
}

/** Makes a client. Its parameter may be a map of your event types to their data: `createClient<MyEvents>(…)`. */
export function createClient<Events extends object = Record<string, unknown>>(
  options: ClientOptions,
): PosthornClient<Events> {
  return new PosthornClient<Events>(options);
}
