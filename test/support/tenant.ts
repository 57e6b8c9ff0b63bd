import { randomBytes } from 'node:crypto';
import { eventually } from './condition.js';
import type { Answer, Engine } from './engine.js';
import { lead } from './lead.js';

/** What a publish answers about one event. */
export interface Published {
  id: string;
  type: string;
  duplicate: boolean;
  deliveries: number;
}

/** A delivery as the API shows it, as far as tests look at it. */
export interface Delivery {
  id: string;
  eventId: string;
  eventType: string;
  subscriptionId: string;
  status: string;
  attemptCount: number;
  maxAttempts: number;
  nextAttemptAt: string | null;
  lastStatusCode: number | null;
  lastError: string | null;
  trigger: string;
  createdAt: string;
  finishedAt: string | null;
  attempts?: {
    n: number;
    startedAt: string;
    statusCode: number | null;
    errorCode: string | null;
    trigger: string;
  }[];
}

/** A subscription's health as the API shows it. */
export interface SubscriptionState {
  status: string;
  pausedReason: string | null;
  pausedAt: string | null;
  pausedDetail: string | null;
  failureCount: number;
  firstFailureAt: string | null;
  nextProbeAt: string | null;
  waitsUntil: string | null;
  lost: { count: number; since: string; recoveredAt: string | null } | null;
  eventTypeVersions: Record<string, number> | null;
}

export interface Problem {
  code: string;
  detail: string;
  errors?: { path: string; code: string; message: string }[];
}

/** A space of its own in a shared engine, so that tests do not see each other's events. */
export class Tenant {
  uid = '';

  constructor(
    private readonly engine: Engine,
    private readonly profile = 'native',
  ) {}

  static async create(engine: Engine, profile?: string): Promise<Tenant> {
    const tenant = new Tenant(engine, profile);
    await tenant.open();
    return tenant;
  }

  /** Moves into a new space, with this profile if it is given. */
  async open(profile = this.profile): Promise<void> {
    const uid = `t_${randomBytes(6).toString('hex')}`;
    await this.engine.ok('POST', '/v1/spaces', { name: uid, uid, profile });
    this.uid = uid;
  }

  /** `/events` becomes `/v1/spaces/<uid>/events`. */
  path(rest: string): string {
    return `/v1/spaces/${this.uid}${rest}`;
  }

  subscribe(url: string, fields: object = {}): Promise<{ id: string; secret: string; status: string }> {
    return this.engine.ok('POST', this.path('/subscriptions'), { url, ...fields });
  }

  /** Publishes one event; fails unless it is taken. */
  publish(event: object | string): Promise<Published> {
    return this.engine.ok('POST', this.path('/events'), event);
  }

  /** Publishes whatever it is given, through the API at `url` if it is given. */
  send<T = Published>(body: unknown, url?: string): Promise<Answer<T>> {
    return this.engine.call<T>('POST', this.path('/events'), body, { ...(url !== undefined && { url }) });
  }

  /** Calls the API with the admin key for something in the space. */
  call<T = Delivery>(method: string, rest: string, body?: unknown): Promise<Answer<T>> {
    return this.engine.call<T>(method, this.path(rest), body);
  }

  async deliveries(query = ''): Promise<Delivery[]> {
    const page = await this.engine.ok<{ data: Delivery[] }>('GET', this.path(`/deliveries${query}`));
    return page.data;
  }

  /** The only delivery, once it is as wanted. */
  onlyDelivery(wanted: Partial<Delivery>): Promise<Delivery> {
    return eventually(async () => {
      const [delivery] = await this.deliveries();
      expect(delivery).toMatchObject(wanted);
      return delivery as Delivery;
    });
  }

  /** Publishes an event, and gives its delivery once it is as wanted. It is to be the only one. */
  async newDelivery(wanted: Partial<Delivery>): Promise<Delivery> {
    await this.publish(lead('1'));
    return this.onlyDelivery(wanted);
  }

  delivery(id: string): Promise<Delivery> {
    return this.engine.ok('GET', this.path(`/deliveries/${id}`));
  }

  subscription(id: string): Promise<SubscriptionState> {
    return this.engine.ok('GET', this.path(`/subscriptions/${id}`));
  }

  /** A key of this scope. */
  async key(scope: 'publish' | 'read' | 'manage'): Promise<string> {
    const { key } = await this.engine.ok<{ key: string }>('POST', this.path('/keys'), { name: scope, scope });
    return key;
  }
}
