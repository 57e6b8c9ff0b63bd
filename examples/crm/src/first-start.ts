import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { InstanceTypesService, SpacesService, WebhookSubscriptions } from '@posthorn/nestjs';
import { events } from './events.js';
import { LeadsService } from './leads.service.js';
import { RecordsService } from './records.service.js';
import { USERS } from './sessions.js';

/** Defines the CRM's own event, makes a space for each account, and gives a new account something to see. */
@Injectable()
export class FirstStart implements OnApplicationBootstrap {
  constructor(
    private readonly types: InstanceTypesService,
    private readonly spaces: SpacesService,
    private readonly subscriptions: WebhookSubscriptions,
    private readonly records: RecordsService,
    private readonly leads: LeadsService,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.types.define(events);
    for (const { account, company } of Object.values(USERS)) {
      await this.spaces.upsertSpace({ uid: account, name: company });
      if ((await this.records.list(account, 'statuses')).length === 0) await this.fill(account);
    }
  }

  private async fill(account: string): Promise<void> {
    const { RECEIVER_URL: url, RECEIVER_SECRET: secret } = process.env;
    if (url !== undefined)
      await this.subscriptions.create(account, { url, secret, description: 'The receiver of this example' });
    const statuses = [];
    for (const [name, color] of [
      ['New', '#868e96'],
      ['Contacted', '#1971c2'],
      ['Meeting booked', '#2f9e44'],
    ] as const)
      statuses.push(await this.records.create(account, 'statuses', { name, color }));
    await this.records.create(account, 'lists', { name: 'Spring fair' });
    await this.records.create(account, 'tags', { name: 'decision maker', color: '#e8590c' });
    await this.records.create(account, 'campaigns', { name: 'Furniture makers, spring' });
    await this.leads.create(account, {
      email: 'jean@atelier-nord.example',
      first_name: 'Jean',
      last_name: 'Moreau',
      company: 'Atelier Nord',
      id_status: statuses[0]?.id,
    });
  }
}
