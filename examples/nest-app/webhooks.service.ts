import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import {
  EventTypesService,
  formatSecret,
  Rotation,
  SpaceLookup,
  SpacesService,
  Subscriptions,
} from 'posthorn';

/** The one tenant of this example; a real application has a space for each of its customers. */
export const SPACE = 'example';

/** Prepares the space, its own event type and one subscription when the application starts for the first time. */
@Injectable()
export class WebhooksService implements OnApplicationBootstrap {
  private readonly logger = new Logger('webhooks');

  constructor(
    private readonly lookup: SpaceLookup,
    private readonly spaces: SpacesService,
    private readonly eventTypes: EventTypesService,
    private readonly subscriptions: Subscriptions,
    private readonly rotation: Rotation,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    if (await this.lookup.find(SPACE)) return;
    const space = await this.spaces.create({ name: 'Example', uid: SPACE });
    await this.eventTypes.put(space, 'invoice.paid', {
      description: 'An invoice was paid.',
      example: { id: 'inv_1', lead_id: 'lead_1', cents: 1999 },
    });
    const url = process.env.RECEIVER_URL ?? 'http://127.0.0.1:9000/';
    const subscription = await this.subscriptions.create(space, { url, events: ['lead.*', 'invoice.paid'] });
    const [secret] = this.rotation.secretsOf(subscription);
    if (secret) this.logger.log(`${url} gets everything, signed with ${formatSecret(secret.key)}`);
  }
}
