import { Body, Controller, Injectable, Post } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { WebhookEmitter } from '@posthorn/nestjs';
import { DataSource } from 'typeorm';
import { Lead } from './lead.entity.js';

@Injectable()
export class LeadsService {
  constructor(
    @InjectDataSource() private readonly database: DataSource,
    private readonly webhooks: WebhookEmitter,
  ) {}

  create(id: string, isRefused: boolean): Promise<string> {
    return this.database.transaction(async (tx) => {
      await tx.insert(Lead, { id });
      const event = await this.webhooks.emit({ space: 'acme', tx }, { type: 'lead.create', data: { id } });
      if (isRefused) throw new Error('Refused.');
      return event.id;
    });
  }
}

@Controller('leads')
export class LeadsController {
  constructor(private readonly leads: LeadsService) {}

  @Post()
  async create(@Body() { id, refused }: { id: string; refused?: boolean }): Promise<{ event: string }> {
    return { event: await this.leads.create(id, refused === true) };
  }
}
