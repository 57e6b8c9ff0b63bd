import { METHODS } from 'node:http';
import type { FastifyInstance } from 'fastify';

interface KnownPath {
  form: RegExp;
  methods: Set<string>;
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
    fastify.addHook('onRoute', ({ url, method }) => this.learn(url, [method].flat()));
  }

  /** The methods for this URL, sorted; none where nothing is. */
  at(url: string): string[] {
    const path = (url.split('?', 1)[0] ?? '').replace(/(?<=.)\/$/, '');
    const found = [...this.paths.values()].filter(({ form }) => form.test(path));
    return [...new Set(found.flatMap(({ methods }) => [...methods]))].sort();
  }

  private learn(url: string, methods: string[]): void {
    // A wildcard is the web app's pages, or a provider's whole API: what it lets through may be nothing.
    if (url.includes('*')) return;
    const known = this.paths.get(url) ?? { form: formOf(url), methods: new Set() };
    for (const method of methods) known.methods.add(method);
    this.paths.set(url, known);
  }
}

function formOf(url: string): RegExp {
  const parts = url.split('/').map((part) => (part.startsWith(':') ? '[^/]+' : escape(part)));
  return new RegExp(`^${parts.join('/').replace(/(?<=.)\/$/, '')}$`);
}

function escape(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
