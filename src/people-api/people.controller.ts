import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Origin } from '../audit/origin.js';
import { publicId } from '../core/ids.js';
import { Cursors } from '../http/cursor.js';
import { page } from '../http/list.dto.js';
import { ApiProblem } from '../http/openapi-problems.js';
import { Database } from '../database/database.js';
import { PeopleService } from '../people/people.service.js';
import type { SpaceRoleEntity } from '../people/space-role.entity.js';
import type { PersonEntity } from '../people/person.entity.js';
import { Settings } from '../config/settings.js';
import { AdminOnly } from '../spaces/access.js';
import { namesOfSpaces } from '../spaces/space-names.js';
import { CurrentOrigin } from '../spaces/request-origin.js';
import { Mailer } from './mailer.js';
import { invitationMail } from './mails.js';
import {
  ChangePerson,
  CreatePerson,
  PeopleList,
  PeopleQuery,
  PersonView,
  RemovePersonQuery,
} from './people.dto.js';

/** A role in one space, with what the space is called. */
type NamedRole = Pick<SpaceRoleEntity, 'spaceId' | 'role'> & { name: string };

const BY_NAME = new Intl.Collator();
const LIST = 'people';
const REMOVED = 'people-removed';

/** For the admin key, and for admins of all spaces. */
@ApiTags('People')
@AdminOnly()
@Controller('v1/people')
export class PeopleController {
  constructor(
    private readonly people: PeopleService,
    private readonly cursors: Cursors,
    private readonly mailer: Mailer,
    private readonly settings: Settings,
    private readonly database: Database,
  ) {}

  /** List people who may sign in */
  @Get()
  async list(@Query() query: PeopleQuery): Promise<PeopleList> {
    const { q, removed = false, order, limit, cursor } = query;
    const list = removed ? REMOVED : LIST;
    const after = cursor === undefined ? null : this.cursors.decode(list, cursor);
    const rows = await this.people.list({ q, removed, after, order, limit: limit + 1 });
    const roles = await this.rolesOf(rows.map(({ id }) => id));
    return page(rows, query, this.cursors, list, (row) => this.toView(row, roles.get(row.id)));
  }

  /** Add a person, who can then sign in. Needs an identity provider or a mail server in the engine's settings. */
  @Post()
  @ApiProblem(409, '`email_taken`: somebody with this mail address is there')
  async create(@Body() input: CreatePerson, @CurrentOrigin() by?: Origin): Promise<PersonView> {
    const person = await this.people.create(input, by);
    if (input.invite)
      this.mailer.send(() => Promise.resolve(invitationMail(person, this.settings.publicUrl)));
    return this.toView(person);
  }

  /** Read one person */
  @Get(':person')
  async get(@Param('person') ref: string): Promise<PersonView> {
    return this.withRoles(await this.people.find(ref));
  }

  /** Change a person's name, or their role in all spaces */
  @Patch(':person')
  async change(
    @Param('person') ref: string,
    @Body() changes: ChangePerson,
    @CurrentOrigin() by?: Origin,
  ): Promise<PersonView> {
    return this.withRoles(await this.people.change(ref, changes, by));
  }

  /** Remove a person. Their sessions end at once. The audit log still names them unless they are erased. */
  @Delete(':person')
  @HttpCode(204)
  async remove(
    @Param('person') ref: string,
    @Query() { erase = false }: RemovePersonQuery,
    @CurrentOrigin() by?: Origin,
  ): Promise<void> {
    await this.people.remove(ref, { erase }, by);
  }

  private async withRoles(person: PersonEntity): Promise<PersonView> {
    return this.toView(person, (await this.rolesOf([person.id])).get(person.id));
  }

  /** By person: a page may have 500 for each. */
  private async rolesOf(personIds: string[]): Promise<Map<string, NamedRole[]>> {
    const roles = await this.people.rolesOf(personIds);
    const names = await namesOfSpaces(
      this.database.sql,
      roles.map(({ spaceId }) => spaceId),
    );
    const byPerson = new Map<string, NamedRole[]>(personIds.map((id) => [id, []]));
    for (const { personId, spaceId, role } of roles)
      byPerson.get(personId)?.push({ spaceId, role, name: names.get(spaceId) ?? '' });
    return byPerson;
  }

  /** Its roles by the names of their spaces. */
  private toView(person: PersonEntity, roles: NamedRole[] = []): PersonView {
    return {
      id: publicId('usr', person.id),
      email: person.email ?? '',
      name: person.name,
      role: this.people.roleOf(person),
      adminBySetting: this.people.isAdminBySetting(person.email),
      spaces: roles
        .sort((a, b) => BY_NAME.compare(a.name, b.name))
        .map(({ spaceId, name, role }) => ({ spaceId: publicId('spc', spaceId), name, role })),
      createdAt: person.createdAt.toISOString(),
      signedInAt: person.signedInAt?.toISOString() ?? null,
    };
  }
}
