import { METHODS } from 'node:http';
import type { FastifyInstance } from 'fastify';

declare module 'fastify' {
  interface FastifyInstance {
    allowedMethods?: AllowedMethods;
  }
}

interface KnownPath {
  form: RegExp;
  methods: Set<string>;
  isGuarded: boolean;
}

/** What a route says of who may call it (`spaces/access.ts`), as far as this file needs it. */
interface GuardedConfig {
  access?: { kind: string };
}

/** Which methods each path takes, learnt from the routes: a request with another one is a 405, not a 404. */
export class AllowedMethods {
  private readonly paths = new Map<string, KnownPath>();

  /** Watches for routes; call it before there are any. */
  constructor(fastify: FastifyInstance) {
    // Fastify answers methods that it does not know with a bare 400. CONNECT never comes here: Node has an event for
    // it.
    for (const method of METHODS) {
      if (method !== 'CONNECT' && !fastify.supportedMethods.includes(method))
        fastify.addHttpMethod(method, { hasBody: true });
    }
    fastify.addHook('onRoute', ({ url, method, config }) =>
      this.learn(url, [method].flat(), isGuarded((config ?? {}) as GuardedConfig)),
    );
  }

  /** The methods for this URL, sorted; none where nothing is. */
  at(url: string): string[] {
    return [...new Set(this.find(url).flatMap(({ methods }) => [...methods]))].sort();
  }

  /** Whether what is at this URL needs a key in `Authorization`. */
  isGuarded(url: string): boolean {
    return this.find(url).some(({ isGuarded }) => isGuarded);
  }

  private find(url: string): KnownPath[] {
    const path = (url.split('?', 1)[0] ?? '').replace(/(?<=.)\/$/, '');
    return [...this.paths.values()].filter(({ form }) => form.test(path));
  }

  private learn(url: string, methods: string[], isGuarded: boolean): void {
    // A wildcard is the web app's pages, or a provider's whole API: what it lets through may be nothing.
    if (url.includes('*')) return;
    const known = this.paths.get(url) ?? { form: formOf(url), methods: new Set(), isGuarded: false };
    for (const method of methods) known.methods.add(method);
    known.isGuarded ||= isGuarded;
    this.paths.set(url, known);
  }
}

function isGuarded({ access }: GuardedConfig): boolean {
  return access !== undefined && access.kind !== 'public' && access.kind !== 'own_space';
}

function formOf(url: string): RegExp {
  const parts = url.split('/').map((part) => (part.startsWith(':') ? '[^/]+' : escape(part)));
  return new RegExp(`^${parts.join('/').replace(/(?<=.)\/$/, '')}$`);
}

function escape(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
