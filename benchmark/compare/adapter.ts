/** One event's request, as the engine's public API has it. */
export interface PublishRequest {
  url: string;
  headers: Record<string, string>;
  /** `data` is the event's JSON text; `n` its number. */
  body: (n: number, data: string) => string;
}

/** How to use an engine over its public HTTP API; nothing else of it is touched. */
export interface Adapter {
  name: string;
  /** What a 2xx to a publish means, as its documentation says. */
  answerMeans: string;
  /** What must be there before: keys, ids, settings. */
  needs: string;
  /** Makes a tenant with an endpoint at each of these addresses that gets every event of the type. */
  setUp: (engine: EngineAddress, endpoints: readonly string[]) => Promise<PublishRequest>;
}

/** Where the engine is, and who we are. */
export interface EngineAddress {
  /** Of its API. */
  url: string;
  key: string;
  /** Further values that the adapter names in `needs`. */
  values: Readonly<Record<string, string>>;
}

/** The type of every event; the adapters create it where types must exist. */
export const EVENT_TYPE = 'lead.create';

/** A JSON request that must succeed. Gives the answer. */
export async function call<Answer>(
  method: string,
  url: string,
  headers: Record<string, string>,
  body?: unknown,
): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${text.slice(0, 500)}`);
  return (text === '' ? {} : JSON.parse(text)) as Answer;
}

export function bearer(key: string): Record<string, string> {
  return { authorization: `Bearer ${key}` };
}

/** A value of `--value NAME=…`. Throws when it was not given. */
export function valueOf({ values }: EngineAddress, name: string): string {
  const value = values[name];
  if (value === undefined) throw new Error(`This adapter needs --value ${name}=…`);
  return value;
}
