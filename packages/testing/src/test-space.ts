import type { NewEvent, PosthornClient, PublishedEvent, Schemas } from '@posthorn/client';

/** A space of a test engine, with what a test makes in it. */
export class TestSpace {
  constructor(
    private readonly client: PosthornClient,
    readonly uid: string,
  ) {}

  /**
   * A subscription to everything, unless `events` says otherwise. An attempt may take a second, so that a receiver that
   * hangs does not hold up the test for long.
   * @param receiver a test receiver, or an address
   */
  subscribe(
    receiver: string | { url: string },
    fields: Partial<Schemas['NewSubscription']> = {},
  ): Promise<Schemas['CreatedSubscription']> {
    const url = typeof receiver === 'string' ? receiver : receiver.url;
    return this.client.post('/v1/spaces/{space}/subscriptions', {
      params: { path: { space: this.uid } },
      body: { url, timeoutMs: 1_000, ...fields },
    });
  }

  /** Publishes an event; with the example of the catalogue as its data unless you give some. */
  async publish(
    type: string,
    data?: Record<string, unknown>,
    fields: Partial<NewEvent> = {},
  ): Promise<PublishedEvent> {
    return this.client.publish(this.uid, { ...fields, type, data: data ?? (await this.example(type)) });
  }

  /** The data of the catalogue's example of an event type. */
  async example(type: string): Promise<Record<string, unknown>> {
    const { example } = await this.client.get('/v1/spaces/{space}/event-types/{name}', {
      params: { path: { space: this.uid, name: type } },
    });
    return example;
  }

  /** All deliveries, the newest first. */
  async deliveries(): Promise<Schemas['DeliveryView'][]> {
    const all: Schemas['DeliveryView'][] = [];
    const list = this.client.list('/v1/spaces/{space}/deliveries', { params: { path: { space: this.uid } } });
    for await (const delivery of list) all.push(delivery);
    return all;
  }

  /** A delivery with its attempts. */
  delivery(id: string): Promise<Schemas['DeliveryDetail']> {
    return this.client.get('/v1/spaces/{space}/deliveries/{delivery}', {
      params: { path: { space: this.uid, delivery: id } },
    });
  }

  subscription(id: string): Promise<Schemas['SubscriptionView']> {
    return this.client.get('/v1/spaces/{space}/subscriptions/{sub}', {
      params: { path: { space: this.uid, sub: id } },
    });
  }
}
