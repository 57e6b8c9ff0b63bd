import { Controller, Get, Header, Query } from '@nestjs/common';
import { Invalid } from '../../core/errors.js';
import { CurrentSpace } from '../../spaces/access.js';
import type { SpaceRef } from '../../spaces/space-ref.js';
import { SpacesService } from '../../spaces/spaces.service.js';
import { SubscriptionsService } from '../../subscriptions/subscriptions.service.js';
import { idFrom } from '../../profiles/lemlist/ids.js';
import { lemlistProfile } from '../../profiles/lemlist/lemlist.profile.js';
import { ActivitiesService, type ActivityQuery } from './activities.service.js';
import { toHook } from './hook-wire.js';
import { LemlistApi, Reads } from './lemlist-access.js';

const ALL = 10_000;
const MOST_ACTIVITIES = 100;
const MOST_OFFSET = 100_000;

type Parameters = Record<string, unknown>;

/** What clients ask for to see whether a key works. There is no outreach product behind it. */
@LemlistApi()
@Controller('lemlist/api')
export class LemlistTeamController {
  constructor(
    private readonly spaces: SpacesService,
    private readonly subscriptions: SubscriptionsService,
    private readonly activities: ActivitiesService,
  ) {}

  @Get('team')
  @Reads()
  async team(@CurrentSpace() space: SpaceRef, @Query() { version }: Parameters) {
    const { name, createdAt } = await this.spaces.get(space.id);
    const page = { profile: lemlistProfile.name, limit: ALL, order: 'asc' } as const;
    const rows = await this.subscriptions.list(space, page);
    return {
      _id: idFrom('tea', space.id),
      name,
      userIds: [],
      createdBy: idFrom('usr', space.id),
      createdAt: createdAt.toISOString(),
      hooks: rows.map(toHook),
      beta: [],
      invitedUsers: [],
      ...(version === 'v2' && { users: [] }),
    };
  }

  /** None: campaigns are names to us. */
  @Get('campaigns')
  @Reads()
  campaigns(@Query() { version }: Parameters) {
    return version === 'v2'
      ? { campaigns: [], pagination: { totalRecords: 0, currentPage: 1, nextPage: 1, totalPage: 0 } }
      : [];
  }

  @Get('activities')
  @Reads()
  @Header('content-type', 'application/json; charset=utf-8')
  async list(@CurrentSpace() space: SpaceRef, @Query() query: Parameters): Promise<string> {
    return `[${(await this.activities.page(space, readQuery(query))).join(',')}]`;
  }
}

function readQuery(query: Parameters): ActivityQuery {
  const asked: ActivityQuery = {
    offset: numberOf(query, 'offset', 0, 0, MOST_OFFSET),
    limit: numberOf(query, 'limit', MOST_ACTIVITIES, 1, MOST_ACTIVITIES),
  };
  for (const name of ['type', 'campaignId', 'leadId'] as const) {
    const value = query[name];
    if (Array.isArray(value)) throw wrong(name, 'Send one value, once.');
    if (typeof value === 'string' && value !== '') asked[name] = value;
  }
  const { isFirst } = query;
  if (isFirst === 'true' || isFirst === 'false') asked.isFirst = isFirst === 'true';
  else if (isFirst !== undefined && isFirst !== '') throw wrong('isFirst', 'Use true or false.');
  return asked;
}

function numberOf(query: Parameters, name: string, usual: number, least: number, most: number): number {
  const value = query[name];
  if (value === undefined || value === '') return usual;
  const number = typeof value === 'string' && /^\d{1,6}$/.test(value) ? Number(value) : -1;
  if (number < least || number > most) throw wrong(name, `Use a whole number from ${least} to ${most}.`);
  return number;
}

function wrong(path: string, message: string): Invalid {
  return new Invalid([{ path, code: 'invalid', message }]);
}
