/** What of a browser signing in needs: cookies by host and path, and redirects step by step. */
export class CookieBrowser {
  readonly cookies = new Map<string, Map<string, string>>();

  /** One request. Nothing is followed. */
  async fetch(url: string, init: RequestInit = {}): Promise<Response> {
    const jar = this.jarOf(url);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { ...(init.headers as Record<string, string>), ...(cookie !== '' && { cookie }) };
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split('; ');
      const at = pair.indexOf('=');
      const isGone = attributes.some(
        (one) => /^max-age=0$/i.test(one) || /^expires=Thu, 01 Jan 1970/i.test(one),
      );
      if (isGone) jar.delete(pair.slice(0, at));
      else jar.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return response;
  }

  /** Follows redirects until the first whose address `stopsAt` accepts, or the first answer that is none. */
  async follow(
    url: string,
    stopsAt: (url: string) => boolean = () => false,
  ): Promise<{ url: string; response: Response }> {
    for (let here = url, hops = 0; hops < 20; hops += 1) {
      const response = await this.fetch(here);
      await response.arrayBuffer();
      const location = response.headers.get('location');
      if (location === null) return { url: here, response };
      here = new URL(location, here).href;
      if (stopsAt(here)) return { url: here, response };
    }
    throw new Error('Too many redirects.');
  }

  jarOf(url: string): Map<string, string> {
    const { origin } = new URL(url);
    const jar = this.cookies.get(origin) ?? new Map<string, string>();
    this.cookies.set(origin, jar);
    return jar;
  }
}
