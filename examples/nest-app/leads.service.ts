import { randomUUID } from 'node:crypto';
import { Injectable, NotFoundException } from '@nestjs/common';
import { WebhookEmitter } from 'posthorn';
import { DataSource } from 'typeorm';
import { Lead } from './lead.entity.js';
import { SPACE } from './webhooks.service.js';

/** Each change and its event are written in one transaction: either both exist or neither does. */
@Injectable()
export class LeadsService {
  constructor(
    private readonly database: DataSource,
    private readonly webhooks: WebhookEmitter,
  ) {}

  create(email: string): Promise<Lead> {
    return this.database.transaction(async (manager) => {
      const lead = await manager.save(manager.create(Lead, { id: randomUUID(), email, paidCents: 0 }));
      await this.webhooks.emit(
        { space: SPACE, manager },
        { type: 'lead.create', data: { id: lead.id, email } },
      );
      return lead;
    });
  }

  pay(id: string, cents: number): Promise<Lead> {
    return this.database.transaction(async (manager) => {
      const lead = await manager.findOne(Lead, { where: { id }, lock: { mode: 'pessimistic_write' } });
      if (!lead) throw new NotFoundException();
      lead.paidCents += cents;
      await manager.save(lead);
      const invoice = randomUUID();
      await this.webhooks.emit(
        { space: SPACE, manager },
        // The id makes a repetition harmless: the same invoice is announced once, however often this runs.
        { id: invoice, type: 'invoice.paid', data: { id: invoice, lead_id: id, cents } },
      );
      return lead;
    });
  }
}
