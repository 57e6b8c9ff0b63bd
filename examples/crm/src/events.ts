import { defineEvents, type EventsOf } from '@posthorn/nestjs';

/** The CRM's own event, beside the built-in ones: the compiler knows its name and data from here on. */
export const events = defineEvents({
  'deal.won': {
    description: 'A lead has become a customer.',
    schema: {
      type: 'object',
      required: ['lead', 'value'],
      properties: { lead: { type: 'string' }, value: { type: 'number' } },
    },
    example: { lead: 'e106db1f-aba3-40ba-97a7-507b54757ef8', value: 4800 },
  },
});

declare module '@posthorn/nestjs' {
  interface CustomEvents {
    'deal.won': EventsOf<typeof events>['deal.won'];
  }
}
