import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Settings } from '../config/settings.js';
import { publicId } from '../core/ids.js';
import type { Role } from '../core/roles.js';
import { PeopleService } from '../people/people.service.js';
import type { PersonEntity } from '../people/person.entity.js';
import { AdminOnly, CurrentSpace } from '../spaces/access.js';
import type { SpaceRef } from '../spaces/space-ref.js';
import { Mailer } from './mailer.js';
import { invitationMail } from './mails.js';
import { AddToSpace, SetSpaceRole, SpacePeople, SpacePerson } from './people.dto.js';

/** For the admin key, and for admins of the space. */
@ApiTags('People')
@AdminOnly()
@Controller('v1/spaces/:space/people')
export class SpacePeopleController {
  constructor(
    private readonly people: PeopleService,
    private readonly mailer: Mailer,
    private readonly settings: Settings,
  ) {}

  /** List people with a role in this space. Those with a role in all spaces are not included. */
  @Get()
  async list(@CurrentSpace() { id }: SpaceRef): Promise<SpacePeople> {
    return { data: (await this.people.ofSpace(id)).map(({ person, role }) => toSpacePerson(person, role)) };
  }

  /** Give a person a role in this space, by their mail address */
  @Post()
  async add(@CurrentSpace() space: SpaceRef, @Body() input: AddToSpace): Promise<SpacePerson> {
    const { email, role, invite } = input;
    const person = await this.people.addToSpace(email, space.id, role, space.by);
    if (invite) this.mailer.send(() => Promise.resolve(invitationMail(person, this.settings.publicUrl)));
    return toSpacePerson(person, role);
  }

  /** Change a person's role in this space */
  @Put(':person')
  async set(
    @CurrentSpace() space: SpaceRef,
    @Param('person') ref: string,
    @Body() { role }: SetSpaceRole,
  ): Promise<SpacePerson> {
    return toSpacePerson(await this.people.setSpaceRole(ref, space.id, role, space.by), role);
  }

  /** Remove a person's role in this space */
  @Delete(':person')
  @HttpCode(204)
  async remove(@CurrentSpace() space: SpaceRef, @Param('person') ref: string): Promise<void> {
    await this.people.removeSpaceRole(ref, space.id, space.by);
  }
}

function toSpacePerson({ id, email, name }: PersonEntity, role: Role): SpacePerson {
  return { id: publicId('usr', id), email: email ?? '', name, role };
}
