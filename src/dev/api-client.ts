/** A client of the running engine, with the admin key. */
export class ApiClient {
  constructor(
    private readonly url: string,
    private readonly key: string,
  ) {}

  /** The answer's body; null for a 404. Throws for any other refusal. */
  async call<T>(method: string, path: string, body?: unknown): Promise<T | null> {
    const response = await fetch(this.url + path, {
      method,
      headers: { authorization: `Bearer ${this.key}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (response.status === 404) return null;
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
    return (text ? JSON.parse(text) : null) as T;
  }

  /** The same where a 404 is an error as well. */
  async get<T>(path: string): Promise<T> {
    const found = await this.call<T>('GET', path);
    if (found === null) throw new Error(`GET ${path} answered 404`);
    return found;
  }
}
