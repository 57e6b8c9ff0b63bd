import { Controller, Delete, Get, HttpCode, Param, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Origin } from '../audit/origin.js';
import { Settings } from '../config/settings.js';
import { Forbidden, NotFound } from '../core/errors.js';
import { parsePublicId, publicId } from '../core/ids.js';
import { Cursors } from '../http/cursor.js';
import { page } from '../http/list.dto.js';
import { PeopleService } from '../people/people.service.js';
import type { SessionEntity } from '../people/session.entity.js';
import { SessionsService } from '../people/sessions.service.js';
import { AdminOnly, CurrentCaller, type Caller } from '../spaces/access.js';
import { CurrentOrigin } from '../spaces/request-origin.js';
import { setSessionCookie } from '../spaces/session-cookie.js';
import { PersonSessionList, SessionsQuery, type PersonSession } from './session-list.dto.js';

/** For the admin key, and for everybody who is signed in: admins see all, others their own. */
@ApiTags('People')
@AdminOnly()
@Controller('v1/sessions')
export class SessionsController {
  constructor(
    private readonly sessions: SessionsService,
    private readonly people: PeopleService,
    private readonly cursors: Cursors,
    private readonly settings: Settings,
  ) {}

  /** List sessions of people: your own, or all with the admin key */
  @Get()
  async list(@Query() query: SessionsQuery, @CurrentCaller() caller: Caller): Promise<PersonSessionList> {
    const owner = ownerOf(query.person, caller);
    const context = `sessions:${owner ?? ''}`;
    const after = query.cursor === undefined ? null : this.cursors.decode(context, query.cursor);
    const rows = await this.sessions.list(owner, { after, order: query.order, limit: query.limit + 1 });
    const emails = await this.people.emailsOf([...new Set(rows.map(({ personId }) => personId))]);
    const current = caller.kind === 'person' ? caller.sessionId : null;
    return page(rows, query, this.cursors, context, (row) => toView(row, emails, current));
  }

  /** End a session */
  @Delete(':session')
  @HttpCode(204)
  async end(
    @Param('session') ref: string,
    @CurrentCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
    @CurrentOrigin() by?: Origin,
  ): Promise<void> {
    const id = parsePublicId('ses', ref);
    if (id === null) throw new NotFound('session');
    await this.sessions.end(id, endsAny(caller) ? null : ownId(caller), by);
    if (caller.kind === 'person' && caller.sessionId === id)
      setSessionCookie(reply, { token: '0', seconds: 0 }, this.settings);
  }
}

function endsAny(caller: Caller): boolean {
  return caller.kind === 'admin' || (caller.kind === 'person' && caller.instanceRole === 'admin');
}

/** Null: everybody's. Throws Forbidden for those of others unless an admin asks. */
function ownerOf(asked: string | undefined, caller: Caller): string | null {
  const person = asked === undefined ? null : parsePublicId('usr', asked);
  if (caller.kind === 'admin') return person;
  const own = ownId(caller);
  if (person === null || person === own || endsAny(caller)) return person ?? own;
  throw new Forbidden('This call needs the role "admin" in all spaces for sessions of others.');
}

function ownId(caller: Caller): string {
  if (caller.kind !== 'person') throw new Forbidden('Only people have sessions.');
  return caller.personId;
}

function toView(row: SessionEntity, emails: Map<string, string>, current: string | null): PersonSession {
  return {
    id: publicId('ses', row.id),
    personId: publicId('usr', row.personId),
    email: emails.get(row.personId) ?? null,
    way: row.way,
    isCurrent: row.id === current,
    createdAt: row.createdAt.toISOString(),
    seenAt: row.seenAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    ip: row.ip,
    userAgent: row.userAgent,
  };
}
