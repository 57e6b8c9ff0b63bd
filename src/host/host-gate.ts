import type { IncomingMessage, ServerResponse } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { Forbidden } from '../core/errors.js';
import { isUid } from '../http/uid.js';
import { setApplicationCaller } from '../spaces/application-caller.js';
import { SpaceLookup } from '../spaces/space-lookup.js';
import type { SpaceRef } from '../spaces/space-ref.js';
import { SpacesService } from '../spaces/spaces.service.js';
import { isCrossSite } from '../http/cross-site.js';
import { keepBody, type ParsedRequest } from './given-body.js';
import { HostApi } from './host-api.js';
import type { HostTenant, PosthornHttpOptions } from './http-options.js';
import { innerUrl } from './inner-path.js';

export const HTTP_OPTIONS = Symbol('options of http');

/** A request of Express or Fastify: what the two have in common, and each for itself. */
export interface HostRequest extends ParsedRequest {
  method: string;
  ip?: string;
  host?: string;
  raw?: IncomingMessage;
  route?: { path?: string };
  routeOptions?: { url?: string };
}

/** An answer of Express or Fastify. */
export interface HostResponse {
  raw?: ServerResponse;
  hijack?: () => void;
  getHeaders?: () => Record<string, number | string | string[] | undefined>;
}

/** Hands requests that the application's guards let in to the API, each for the space of its tenant. */
@Injectable()
export class HostGate {
  constructor(
    @Inject(HTTP_OPTIONS) private readonly options: PosthornHttpOptions,
    private readonly api: HostApi,
    private readonly lookup: SpaceLookup,
    private readonly spaces: SpacesService,
  ) {}

  /** Throws Forbidden without a tenant, and for what another site made a browser send. */
  async pass(request: HostRequest, response: HostResponse): Promise<void> {
    const raw = request.raw ?? (request as unknown as IncomingMessage);
    const rawResponse = response.raw ?? (response as unknown as ServerResponse);
    if (isCrossSite({ method: request.method, headers: raw.headers, host: request.host }))
      throw new Forbidden('This request comes from a page of another site. Send it from your own.');
    const tenant = await this.tenantOf(request);
    const space = await this.spaceOf(tenant);
    const { scope = 'manage', rights, user = null } = tenant;
    setApplicationCaller(raw, { space, scope, ...(rights && { rights }), user, ip: request.ip ?? null });
    keepBody(raw, request);
    takeOver(response, rawResponse);
    await this.handOver(request, raw, rawResponse);
  }

  private async tenantOf(request: HostRequest): Promise<HostTenant> {
    const answer = await this.options.tenantOf(request as never);
    if (answer === null || answer === undefined)
      throw new Forbidden('There are no webhooks for this account.');
    const tenant = typeof answer === 'string' ? { uid: answer } : answer;
    // An id of ours would name any space there is.
    if (typeof tenant.uid !== 'string' || !isUid(tenant.uid))
      throw new Error(
        'PosthornModule: http.tenantOf gave no uid: it has 1 to 64 letters, digits, "-" or "_", and must ' +
          'not look like an id of Posthorn.',
      );
    return tenant;
  }

  private async spaceOf({ uid, name }: HostTenant): Promise<SpaceRef> {
    const found = await this.lookup.find(uid);
    if (found) return found;
    const { id, profile } = await this.spaces.upsertSpace({ uid, ...(name !== undefined && { name }) });
    return { id, uid, profile };
  }

  private handOver(request: HostRequest, raw: IncomingMessage, response: ServerResponse): Promise<void> {
    const outer = raw.url ?? '/';
    const inner = innerUrl(outer, request.route?.path ?? request.routeOptions?.url ?? '');
    if (inner === null) {
      redirectBelow(outer, response);
      return Promise.resolve();
    }
    raw.url = inner;
    // What the application logs of a finished request is about its own path.
    response.prependOnceListener('finish', () => (raw.url = outer));
    return this.api.handle(raw, response);
  }
}

/** From now on the answer is ours; headers that the application has set for it stay. */
function takeOver(response: HostResponse, raw: ServerResponse): void {
  if (!response.hijack) return;
  for (const [name, value] of Object.entries(response.getHeaders?.() ?? {}))
    if (value !== undefined) raw.setHeader(name, value);
  response.hijack();
}

/** To the same path with a slash, named relatively: the browser knows the rest of it. */
function redirectBelow(url: string, response: ServerResponse): void {
  const [path = '', query] = url.split('?', 2);
  const last = path.slice(path.lastIndexOf('/') + 1);
  const location = `./${last}/${query === undefined ? '' : `?${query}`}`;
  response.writeHead(308, { location, 'content-length': 0 }).end();
}
