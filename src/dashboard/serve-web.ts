import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Settings } from '../config/settings.js';
import { parsePublicId } from '../core/ids.js';
import { lookOfPage, portalPolicy } from '../core/portal-look.js';
import { basePathOf } from '../http/base-path.js';
import type { PortalFace } from '../spaces/portal-settings.service.js';
import { applicationCallerOf } from '../spaces/application-caller.js';
import { readWebFiles, WebFile } from './web-files.js';

/** First parts of paths that are never a page of the web app, so that a wrong one of them stays a 404. */
const NOT_PAGES = new Set([
  ...['v1', 'docs', 'openapi.json', 'metrics', 'healthz', 'readyz', 'test-receiver', 'assets'],
]);

/** Where the web app is built to, and what its pages may do. */
export interface WebOptions extends Pick<
  Settings,
  'publicUrl' | 'portalFrameAncestors' | 'portalLogoUrl' | 'portalAccent'
> {
  folder: string;
  /** How the portal of a space looks, by the space's UUID; null: as the instance has it. */
  faceOf?: (spaceId: string) => Promise<PortalFace | null>;
  /** Whether the application around the page has signed its reader in already. */
  signedIn?: boolean;
}

/**
 * Serves the built web app at `/`, and its index.html for every path that may be one of its pages. Without one, `/`
 * leads to the reference. Gives whether there is one.
 */
export function serveWeb(fastify: FastifyInstance, options: WebOptions): boolean {
  const files = readWebFiles(options.folder);
  const built = files?.get('index.html');
  if (!files || !built) {
    fastify.get('/', (_request, reply) => reply.redirect('docs'));
    return false;
  }
  const index = options.signedIn ? withSignIn(built) : built;
  const basePath = basePathOf(options);
  const policy = policyOf(options);
  const page = (request: FastifyRequest, reply: FastifyReply) => {
    if (basePath !== '' && request.originalUrl === basePath) return reply.redirect(`${basePath}/`);
    if (options.signedIn) return sendOwnPage(index, options, request, reply);
    return sendPage(index, policy, request, reply);
  };
  fastify.get('/', page);
  const portal = files.get('portal.html');
  files.delete('portal.html');
  if (portal) servePortal(fastify, portal, options);
  fastify.get<{ Params: { '*': string } }>('/*', (request, reply) => {
    const path = request.params['*'];
    const file = files.get(path);
    if (path === 'index.html') return page(request, reply);
    if (file) return sendFile(file, policy, request, reply);
    if (isPage(path, request)) return page(request, reply);
    reply.callNotFound();
    return reply;
  });
  return true;
}

function isPage(path: string, request: FastifyRequest): boolean {
  const wantsHtml = request.headers.accept?.includes('text/html') ?? false;
  return wantsHtml && !NOT_PAGES.has(path.split('/', 1)[0] ?? '');
}

/** Nothing but our own origin; only a logo and a font may come from elsewhere. */
function policyOf(options: WebOptions, face: PortalFace | null = null): string {
  const instance = { frameAncestors: options.portalFrameAncestors, logoUrl: options.portalLogoUrl };
  return portalPolicy(instance, face?.look ?? {});
}

/**
 * `/portal/spc_…/`: the page of one space's portal, whose policy knows that space's logo, font and frames. The token is
 * in the fragment, so the path has to name the space; it tells nothing that a page would not. `/portal/` is for links
 * that do not name their space, as those of the release before.
 */
function servePortal(fastify: FastifyInstance, portal: WebFile, options: WebOptions): void {
  const faceOf = async ({ raw, params: { space } }: FastifyRequest<{ Params: { space?: string } }>) => {
    const own = options.signedIn ? applicationCallerOf(raw)?.space.id : undefined;
    const id = space === undefined ? (own ?? null) : parsePublicId('spc', space);
    if (id === null || !options.faceOf) return null;
    // Whom the application has signed in sees nothing of others.
    return options.signedIn && own !== id ? null : options.faceOf(id);
  };
  const send = async (request: FastifyRequest<{ Params: { space?: string } }>, reply: FastifyReply) => {
    const face = await faceOf(request);
    return sendPage(portalPage(portal, options, face), policyOf(options, face), request, reply);
  };
  fastify.get('/portal/', send);
  fastify.get('/portal/:space/', send);
  fastify.get<{ Params: { space: string } }>('/portal/:space/logo', async (request, reply) => {
    const logo = (await faceOf(request))?.logo;
    if (!logo) {
      reply.callNotFound();
      return reply;
    }
    // As a page of its own it runs nothing, whatever it is.
    return secure(reply, "default-src 'none'; style-src 'unsafe-inline'; sandbox")
      .type(logo.type)
      .header('cache-control', 'public, max-age=86400')
      .send(logo.file);
  });
}

/** The portal with its look, which is there before anybody is signed in, and also where a link has expired. */
function portalPage({ body }: WebFile, options: WebOptions, face: PortalFace | null): WebFile {
  const look = lookOfPage({ ...options, accent: options.portalAccent, logoUrl: options.portalLogoUrl }, face);
  const session = options.signedIn ? '<meta name="portal-session" content="application" />' : '';
  const mark = `<meta name="portal-look" content="${escapeHtml(JSON.stringify(look))}" />${session}`;
  const html = body
    .toString()
    .replace(/<title>[^<]*<\/title>/, () => `<title>${escapeHtml(look.name ?? 'Webhooks')}</title>`)
    .replace(/<head[^>]*>/i, (tag) => tag + mark);
  return new WebFile('index.html', Buffer.from(html));
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '"': '&quot;', '<': '&lt;', '>': '&gt;' };

function escapeHtml(text: string): string {
  return text.replace(/[&"<>]/g, (sign) => ENTITIES[sign] ?? sign);
}

/** The page then asks for no key, and sends none. */
function withSignIn({ body }: WebFile): WebFile {
  const mark = '<meta name="posthorn-session" content="application" />';
  const html = withoutOurName(body.toString()).replace(/<head[^>]*>/i, (tag) => tag + mark);
  return new WebFile('index.html', Buffer.from(html));
}

/** To whom the application has signed in, with the look of their space. */
async function sendOwnPage(
  index: WebFile,
  options: WebOptions,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const space = applicationCallerOf(request.raw)?.space.id;
  const face = space === undefined ? null : ((await options.faceOf?.(space)) ?? null);
  return sendPage(index, policyOf(options, face), request, reply);
}

function withoutOurName(html: string): string {
  return html
    .replace(/<title>[^<]*<\/title>/, '<title>Webhooks</title>')
    .replace(/<noscript>[^<]*<\/noscript>/, '')
    .replace(/<link rel="icon"[^>]*>/, '<link rel="icon" href="./portal.svg" type="image/svg+xml" />');
}

/** index.html with what only the request tells: how many folders deep it stands. */
async function sendPage(
  index: WebFile,
  policy: string,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const depth = (request.url.split('?', 1)[0] ?? '').split('/').length - 2;
  const base = `<base href="${depth > 0 ? '../'.repeat(depth) : './'}" />`;
  const text = index.body.toString().replace(/<head[^>]*>/i, (tag) => tag + base);
  const page = new WebFile('index.html', Buffer.from(text));
  secure(reply, policy).type(page.type).header('cache-control', 'no-store');
  return encoded(page, request, reply);
}

async function sendFile(
  file: WebFile,
  policy: string,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const encoding = file.encodingFor(request.headers['accept-encoding']);
  const etag = `"${file.etag}-${encoding}"`;
  // A page says what its scripts and fonts may do. Thirty of these with every header would be 15 KB of a first load.
  (file.isImmutable ? reply.header('x-content-type-options', 'nosniff') : secure(reply, policy))
    .type(file.type)
    .header('etag', etag)
    .header('cache-control', file.isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache');
  if (request.headers['if-none-match'] === etag) return reply.status(304).send();
  return encoded(file, request, reply);
}

async function encoded(file: WebFile, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const encoding = file.encodingFor(request.headers['accept-encoding']);
  reply.header('vary', 'accept-encoding');
  if (encoding !== 'identity') reply.header('content-encoding', encoding);
  return reply.send(await file.bytes(encoding));
}

function secure(reply: FastifyReply, policy: string): FastifyReply {
  return reply
    .header('content-security-policy', policy)
    .header('referrer-policy', 'no-referrer')
    .header('x-content-type-options', 'nosniff');
}
