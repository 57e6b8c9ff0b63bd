import {
  BadRequestException,
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  NotFoundException,
  Param,
  ParseUUIDPipe,
  Patch,
  Post,
  Req,
  UseGuards,
} from '@nestjs/common';
import type { Lead, NamedRow } from './entities.js';
import { leadForm, recordForm } from './forms.js';
import { LeadsService } from './leads.service.js';
import { KINDS, type KindName, RecordsService } from './records.service.js';
import { SessionGuard, type SessionRequest, type User } from './sessions.js';

@Controller('api/me')
@UseGuards(SessionGuard)
export class MeController {
  @Get()
  me(@Req() { user }: SessionRequest): User {
    return user;
  }
}

@Controller('api/leads')
@UseGuards(SessionGuard)
export class LeadsController {
  constructor(private readonly leads: LeadsService) {}

  @Get()
  list(@Req() { user }: SessionRequest): Promise<Lead[]> {
    return this.leads.list(user.account);
  }

  @Post()
  create(@Req() { user }: SessionRequest, @Body() body: object): Promise<Lead> {
    const { email, ...fields } = leadForm(body);
    if (!email) throw new BadRequestException('A lead needs an email.');
    return this.leads.create(user.account, { email, ...fields });
  }

  @Patch(':id')
  update(
    @Req() { user }: SessionRequest,
    @Param('id', ParseUUIDPipe) id: string,
    @Body() body: object,
  ): Promise<Lead> {
    return this.leads.update(user.account, id, leadForm(body));
  }

  @Delete(':id')
  @HttpCode(204)
  delete(@Req() { user }: SessionRequest, @Param('id', ParseUUIDPipe) id: string): Promise<void> {
    return this.leads.delete(user.account, id);
  }

  @Post(':id/deal')
  win(
    @Req() { user }: SessionRequest,
    @Param('id', ParseUUIDPipe) id: string,
    @Body() { deal, value }: { deal: string; value: number },
  ): Promise<Lead> {
    return this.leads.win(user.account, id, deal, value);
  }
}

/** Campaigns, lists, statuses and tags. */
@Controller('api/:kind')
@UseGuards(SessionGuard)
export class RecordsController {
  constructor(private readonly records: RecordsService) {}

  @Get()
  list(@Req() { user }: SessionRequest, @Param('kind') kind: string): Promise<NamedRow[]> {
    return this.records.list(user.account, known(kind));
  }

  @Post()
  create(
    @Req() { user }: SessionRequest,
    @Param('kind') kind: string,
    @Body() body: object,
  ): Promise<NamedRow> {
    const fields = recordForm(body);
    if (!fields.name) throw new BadRequestException('It needs a name.');
    return this.records.create(user.account, known(kind), fields);
  }

  @Patch(':id')
  update(
    @Req() { user }: SessionRequest,
    @Param('kind') kind: string,
    @Param('id', ParseUUIDPipe) id: string,
    @Body() body: object,
  ): Promise<NamedRow> {
    return this.records.update(user.account, known(kind), id, recordForm(body));
  }

  @Delete(':id')
  @HttpCode(204)
  delete(
    @Req() { user }: SessionRequest,
    @Param('kind') kind: string,
    @Param('id', ParseUUIDPipe) id: string,
  ): Promise<void> {
    return this.records.delete(user.account, known(kind), id);
  }
}

function known(kind: string): KindName {
  if (!Object.hasOwn(KINDS, kind)) throw new NotFoundException();
  return kind as KindName;
}
