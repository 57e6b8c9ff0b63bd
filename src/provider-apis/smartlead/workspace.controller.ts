import { Controller, Get, Param, Query } from '@nestjs/common';
import { positiveIdOf } from './webhook-input.js';
import { campaignIn } from './campaign-path.js';
import { SmartleadError } from './smartlead-error.js';
import { Reads, SmartleadApi } from './smartlead-access.js';
import { CAMPAIGNS, CATEGORIES, LEADS } from './workspace-state.js';

const MOST_LEADS = 100;

type Parameters = Record<string, unknown>;

/** What a client's pickers ask for: fixed campaigns, leads and categories. */
@SmartleadApi()
@Controller('smartlead/api/v1')
export class SmartleadWorkspaceController {
  @Get('campaigns')
  @Reads()
  campaigns() {
    return CAMPAIGNS;
  }

  @Get('campaigns/:campaign')
  @Reads()
  campaign(@Param('campaign') path: string) {
    return known(path);
  }

  @Get('campaigns/:campaign/leads')
  @Reads()
  leads(@Param('campaign') path: string, @Query() query: Parameters) {
    const { id } = known(path);
    const all = id === CAMPAIGNS[0]?.id ? LEADS : [];
    const offset = numberIn(query, 'offset', 0);
    const limit = Math.min(numberIn(query, 'limit', MOST_LEADS), MOST_LEADS);
    return { total_leads: all.length, data: all.slice(offset, offset + limit), offset, limit };
  }

  @Get('leads')
  @Reads()
  lead(@Query() { email }: Parameters) {
    return LEADS.find(({ lead }) => lead.email === email)?.lead ?? {};
  }

  @Get('leads/fetch-categories')
  @Reads()
  categories() {
    return CATEGORIES;
  }
}

function known(path: string): (typeof CAMPAIGNS)[number] {
  const id = campaignIn(path);
  const campaign = CAMPAIGNS.find((each) => String(each.id) === id);
  if (!campaign) throw new SmartleadError(404, 'Campaign not found - Invalid campaign_id.');
  return campaign;
}

function numberIn(query: Parameters, name: string, usual: number): number {
  const value = query[name];
  if (value === undefined || value === '0') return value === undefined ? usual : 0;
  const number = Number(positiveIdOf(value) ?? Number.NaN);
  if (Number.isNaN(number)) throw new SmartleadError(422, 'Invalid parameters provided');
  return number;
}
