import { Injectable } from '@nestjs/common';
import { BodiesService } from '../bodies/bodies.service.js';
import type { StoredEvent } from '../core/domain-types.js';
import { Conflict } from '../core/errors.js';
import { newUuid } from '../core/ids.js';
import { BodyMaker } from '../dispatcher/attempt/body-maker.js';
import type { ReadyDelivery } from '../dispatcher/lease/lease.js';
import { loggedWithToken } from '../dispatcher/attempt/send-with-token.js';
import { sign } from '../dispatcher/attempt/sign.js';
import { EndpointsService, type Endpoint } from '../endpoints/endpoints.service.js';
import { EventVersions } from '../endpoints/event-versions.js';
import type { SubscriptionEntity } from '../endpoints/subscription.entity.js';
import { Clock } from '../lib/clock.js';
import { profileOf } from '../profiles/registry.js';
import type { TrialRequest } from './trial.dto.js';

/** Makes requests as a worker would, and sends none. */
@Injectable()
export class TrialRequestsService {
  private readonly bodies: BodyMaker;

  constructor(
    private readonly endpoints: EndpointsService,
    private readonly clock: Clock,
    bodies: BodiesService,
    versions: EventVersions,
  ) {
    this.bodies = new BodyMaker(bodies, versions);
  }

  /** One for each type, in the subscription's words. Throws Conflict where its secrets do not open. */
  async requestsFor(
    { id, version }: SubscriptionEntity,
    event: StoredEvent,
    types: string[],
  ): Promise<TrialRequest[]> {
    const endpoint = (await this.endpoints.load([{ id, version }])).get(id);
    if (!endpoint) {
      const message =
        'None of the encryption keys opens the secrets of this subscription, so nothing could be sent. ' +
        'Add the key that sealed them.';
      throw new Conflict('secrets_unreadable', message);
    }
    const requests: TrialRequest[] = [];
    for (const type of types) requests.push(await this.requestFor(endpoint, event, type));
    return requests;
  }

  private async requestFor(endpoint: Endpoint, event: StoredEvent, type: string): Promise<TrialRequest> {
    const now = this.clock.now();
    const made = await this.bodies.make(readyFor(endpoint, event, type, newUuid(now)), now);
    const method = endpoint.format?.method ?? 'POST';
    const { url } = endpoint;
    if ('error' in made) return { type, method, url, headers: [], body: null, problem: made.error };
    const { logged } = sign(made.ready, made.body, now);
    const headers = JSON.parse(endpoint.oauth2 === null ? logged : loggedWithToken(logged)) as string[][];
    return { type, method, url, headers, body: masked(made.body.toString(), endpoint), problem: null };
  }
}

/** As if a worker had leased it. */
function readyFor(endpoint: Endpoint, event: StoredEvent, type: string, id: string): ReadyDelivery {
  const delivery = {
    ...{ id, spaceId: event.spaceId, eventId: event.id, eventType: type, subscriptionId: endpoint.id },
    ...{ trigger: 'event' as const, override: null, attemptCount: 0, scheduleStep: 0, lease: id },
    ...{ subscriptionVersion: endpoint.version, subscriptionFailures: 0 },
  };
  return { delivery, endpoint, event };
}

const MASK = '***';

/** Without the secret, which some profiles have in the body. */
function masked(body: string, { profile, secrets }: Endpoint): string {
  const { inBody, format } = profileOf(profile).secrets;
  if (!inBody) return body;
  return secrets.reduce(
    (text, { key }) => text.replaceAll(JSON.stringify(format(key)).slice(1, -1), MASK),
    body,
  );
}
