import { randomUUID } from 'node:crypto';
import { Injectable, NotFoundException, UnprocessableEntityException } from '@nestjs/common';
import { type TypedEvent, WebhookEmitter } from '@posthorn/nestjs';
import { DataSource, type EntityManager, In } from 'typeorm';
import { Lead, List, Status, Tag } from './entities.js';
import { changesOf } from './lead-changes.js';

export interface LeadFields {
  email?: string;
  first_name?: string | null;
  last_name?: string | null;
  company?: string | null;
  id_status?: string | null;
  id_list?: string | null;
  tags?: string[];
}

/** Each change of a lead and the events that tell of it are written in one transaction: all of them, or nothing. */
@Injectable()
export class LeadsService {
  constructor(
    private readonly database: DataSource,
    private readonly webhooks: WebhookEmitter,
  ) {}

  list(account: string): Promise<Lead[]> {
    return this.database.manager.find(Lead, {
      where: { id_space: account },
      relations: { status: true, list: true, tags: true },
      order: { created_at: 'ASC' },
    });
  }

  create(account: string, fields: LeadFields & { email: string }): Promise<Lead> {
    return this.database.transaction(async (tx) => {
      const created_at = new Date().toISOString();
      const made = { id: randomUUID(), id_space: account, created_at, updated_at: null };
      const lead = tx.create(Lead, { ...made, ...(await this.columns(tx, account, fields)) });
      await tx.save(lead);
      await this.publish(tx, account, [{ type: 'lead.create', data: lead }]);
      return lead;
    });
  }

  update(account: string, id: string, fields: LeadFields): Promise<Lead> {
    return this.database.transaction(async (tx) => {
      const before = await this.find(tx, account, id);
      const updated_at = new Date().toISOString();
      const changed = { ...before, ...(await this.columns(tx, account, fields)), updated_at };
      const lead = await tx.save(tx.create(Lead, changed));
      await this.publish(tx, account, changesOf(before, lead));
      return lead;
    });
  }

  delete(account: string, id: string): Promise<void> {
    return this.database.transaction(async (tx) => {
      const lead = await this.find(tx, account, id);
      await tx.delete(Lead, { id });
      const is_deleted_at = new Date().toISOString();
      await this.publish(tx, account, [
        { type: 'lead.delete', data: { ...lead, is_deleted: true, is_deleted_at } },
      ]);
    });
  }

  /** `deal`: the event's id, which makes a repetition harmless: a deal is won once, however often this is called. */
  win(account: string, id: string, deal: string, value: number): Promise<Lead> {
    return this.database.transaction(async (tx) => {
      const lead = await this.find(tx, account, id);
      await this.publish(tx, account, [{ id: deal, type: 'deal.won', data: { lead: id, value } }]);
      return lead;
    });
  }

  private async publish(tx: EntityManager, account: string, events: TypedEvent[]): Promise<void> {
    if (events.length > 0) await this.webhooks.emitMany({ space: account, tx }, events);
  }

  /** Locks it: two changes at once are two events, one after the other. */
  private async find(tx: EntityManager, account: string, id: string): Promise<Lead> {
    const locked = await tx.findOne(Lead, {
      where: { id, id_space: account },
      lock: { mode: 'pessimistic_write' },
    });
    if (!locked) throw new NotFoundException();
    return tx.findOneOrFail(Lead, { where: { id }, relations: { status: true, list: true, tags: true } });
  }

  /** What a form says, with the rows that its ids name; those of another account are unknown. */
  private async columns(
    tx: EntityManager,
    account: string,
    { id_status, id_list, tags, ...fields }: LeadFields,
  ): Promise<Partial<Lead>> {
    const one = <Entity extends Status | List>(entity: new () => Entity, id: string) =>
      tx.findOneByOrFail<Status | List>(entity, { id, id_space: account }).catch(() => {
        throw new UnprocessableEntityException(`${entity.name} ${id} is unknown.`);
      }) as Promise<Entity>;
    const columns: Partial<Lead> = { ...fields };
    if (id_status !== undefined) columns.status = id_status === null ? null : await one(Status, id_status);
    if (id_list !== undefined) columns.list = id_list === null ? null : await one(List, id_list);
    if (tags !== undefined) columns.tags = await tx.findBy(Tag, { id: In(tags), id_space: account });
    return columns;
  }
}
