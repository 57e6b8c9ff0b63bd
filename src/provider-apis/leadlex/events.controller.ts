import { Controller, Get } from '@nestjs/common';
import { leadlexCatalogue } from '../../profiles/leadlex/catalogue.js';
import { LeadlexApi, WebhooksRead } from './leadlex-access.js';

@LeadlexApi()
@Controller('leadlex/v1/events')
export class LeadlexEventsController {
  /** What can happen. Their entries also say since when and how settled an event is; nothing public tells which. */
  @Get()
  @WebhooksRead()
  list() {
    const events = leadlexCatalogue.map(({ name, family, description, schema, example }) => ({
      type: name,
      category: family,
      description,
      data_schema: schema,
      example_payload: example,
      introduced_in: 'v1',
      stability: 'stable',
    }));
    return { data: { events, total: events.length } };
  }
}
