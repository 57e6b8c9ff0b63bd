import { Body, Controller, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import type { Lead } from './lead.entity.js';
import { LeadsService } from './leads.service.js';

@Controller('leads')
export class LeadsController {
  constructor(private readonly leads: LeadsService) {}

  @Post()
  create(@Body() { email }: { email: string }): Promise<Lead> {
    return this.leads.create(email);
  }

  @Post(':id/payments')
  pay(@Param('id', ParseUUIDPipe) id: string, @Body() { cents }: { cents: number }): Promise<Lead> {
    return this.leads.pay(id, cents);
  }
}
