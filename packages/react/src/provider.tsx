import { createClient, type PosthornClient, type Schemas } from '@posthorn/client';
import { QueryClient } from '@tanstack/react-query';
import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import { isRefusal, isTokenRefused } from './errors.js';

/** What the hooks work with. */
export interface Portal {
  client: PosthornClient;
  /** The space that the token opens. */
  space: () => Promise<string>;
  /** Kept apart from the application's own: keys of queries cannot meet. */
  queries: QueryClient;
}

export interface PortalProviderProps {
  /** Where Posthorn answers: `https://webhooks.example.com`, or a path of your own server that leads there. */
  url: string;
  /** A portal link's token (`php_…`), or what gives the current one; it is asked before each request. */
  token: string | (() => string | Promise<string>);
  /** Called once when a token is refused: give a new one with `token`, and the page asks again. */
  onTokenExpired?: (() => void) | undefined;
  /** Another `fetch`, such as one that sends your own credentials to your own server. */
  fetch?: ((request: Request) => Promise<Response>) | undefined;
  children?: ReactNode;
}

const PortalContext = createContext<Portal | null>(null);

/** Gives the hooks below it the portal link's token. Another token starts over with nothing known. */
export function PortalProvider({ url, token, onTokenExpired, fetch, children }: PortalProviderProps) {
  const [latest] = useState(() => new Latest({ token, onTokenExpired, fetch }));
  useEffect(() => latest.update({ token, onTokenExpired, fetch }));
  const text = typeof token === 'string' ? token : null;
  const portal = useMemo(() => createPortal(url, latest, text), [url, latest, text]);
  useEffect(() => () => portal.queries.clear(), [portal]);
  return <PortalContext.Provider value={portal}>{children}</PortalContext.Provider>;
}

/** The client with the token, its space and its cache, for what has no hook. */
export function usePortal(): Portal {
  const portal = useContext(PortalContext);
  if (portal === null) throw new Error('Put <PortalProvider> around what uses the hooks of @posthorn/react.');
  return portal;
}

type Given = Pick<PortalProviderProps, 'token' | 'onTokenExpired' | 'fetch'>;

/** What was given last: functions may be new ones in each render, and start nothing over. Notices a refused token. */
class Latest {
  /** The token that a request was refused with last, and whether `onTokenExpired` knows. */
  private refused: { token: string; isTold: boolean } | null = null;

  constructor(private given: Given) {}

  get current(): Given {
    return this.given;
  }

  update(given: Given): void {
    this.given = given;
  }

  async fetch(request: Request): Promise<Response> {
    const token = request.headers.get('authorization')?.replace('Bearer ', '') ?? '';
    const response = await (this.given.fetch ?? globalThis.fetch)(request);
    if (response.status === 401 && this.refused?.token !== token) this.refused = { token, isTold: false };
    if (response.ok && this.refused?.token === token) this.refused = null;
    return response;
  }

  /** After a refusal. Of all requests of a token that are refused, some come back when there is another one. */
  tellRefused(): void {
    const { token, onTokenExpired } = this.given;
    if (typeof token === 'string') {
      if (this.refused?.token !== token || this.refused.isTold) return;
      this.refused.isTold = true;
    }
    onTokenExpired?.();
  }
}

function createPortal(url: string, latest: Latest, text: string | null): Portal {
  const client = createClient({
    url,
    key: () => {
      const { token } = latest.current;
      return text ?? (typeof token === 'string' ? token : token());
    },
    retry: { retries: 2, maxMs: 2_000 },
    fetch: (request) => latest.fetch(request),
  });
  const queries = new QueryClient({
    defaultOptions: {
      // Also without a network: that it is away is something to show. The client has repeated what may be repeated.
      queries: { staleTime: 5_000, networkMode: 'always', retry: false },
      mutations: { networkMode: 'always', retry: false },
    },
  });
  const onError = (error: unknown) => {
    if (isTokenRefused(error)) latest.tellRefused();
  };
  queries.getQueryCache().config.onError = onError;
  queries.getMutationCache().config.onError = onError;
  let session: Promise<Schemas['SessionView']> | null = null;
  const space = async () => {
    session ??= client.get('/v1/session').catch((error: unknown) => {
      session = null;
      throw error;
    });
    const { space: own } = await session;
    if (own === null) throw new Error('This is no token of a portal link: it opens no single space.');
    return own;
  };
  return { client, space, queries };
}

/** How often a list or a thing that may change is asked for again: not while the last answer was a refusal. */
export function every(ms: number | false | undefined) {
  return ({ state }: { state: { error: unknown } }) => (isRefusal(state.error) ? false : (ms ?? false));
}
