import { z } from 'zod';
import { InstanceTypesService } from '../../src/event-types/instance-types.service.js';
import { defineEvents, typedEmitter, type EventsOf } from '../../src/index.js';
import { useStory } from '../support/story.js';
import type { Problem } from '../support/tenant.js';

const Contact = z.object({
  email: z.email(),
  phone: z.e164().optional(),
  // Their patterns have lookaheads.
  patience: z.iso.duration().optional(),
  site: z.hostname().optional(),
});
const Ticket = z.object({
  id: z.uuid(),
  priority: z.enum(['low', 'high']),
  minutes: z.int().nonnegative(),
  contact: Contact.nullable(),
  via: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('mail'), subject: z.string() }),
    z.object({ kind: z.literal('call'), seconds: z.number() }),
  ]),
  labels: z.record(z.string(), z.string()).default({}),
});
const ID = '0199c2f0-4f3b-7a52-b8d1-e6a3c9f70412';
const TICKET = {
  ...{ id: ID, priority: 'high', minutes: 5, via: { kind: 'mail', subject: 'Hi' } },
  contact: { email: 'ada@example.com', patience: 'PT5M', site: 'example.com' },
} satisfies z.input<typeof Ticket>;

const events = defineEvents({
  'ticket.opened': {
    group: 'Tickets',
    description: 'A customer opened a ticket.',
    schema: Ticket,
    example: TICKET,
    validation: 'enforce',
    versions: {
      2: {
        schema: z.object({ id: z.uuid(), urgent: z.boolean() }),
        example: { id: ID, urgent: true },
        draft: true,
      },
    },
  },
  'ticket.closed': { schema: z.object({ id: z.uuid() }), example: { id: ID }, replacedBy: 'ticket.opened' },
});
type Opened = EventsOf<typeof events>['ticket.opened'];

const { engine, tenant, receiver } = useStory();
const definer = () => engine.apis[0]?.get(InstanceTypesService, { strict: false }) as InstanceTypesService;

describe('event types that Zod describes', () => {
  it('are published by a typed emitter, delivered as they are, and compared with their schema', async () => {
    await definer().define(events);
    await tenant.subscribe(receiver.url, { events: ['ticket.*'] });
    const emitter = { emit: (_options: object, event: object) => tenant.publish(event) };
    const webhooks = typedEmitter(events, emitter, { space: tenant.uid });
    await webhooks.emit('ticket.opened', TICKET, { id: 't-1' });
    const [request] = await receiver.received(1);
    const { data } = JSON.parse(request?.body.toString() ?? '') as { data: unknown };
    // What a receiver has is what its own schema reads.
    expect(Ticket.parse(data)).toEqual({ ...TICKET, labels: {} });
    const { body, status } = await tenant.send<Problem>({
      type: 'ticket.opened',
      data: {
        ...{ ...TICKET, priority: 'urgent', minutes: -1, via: { kind: 'fax' } },
        contact: { email: 'no address' },
      },
    });
    expect(status).toBe(422);
    const paths = body.errors?.map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining(['data.priority', 'data.minutes', 'data.contact.email']) as string[],
    );
    const refuse = () => webhooks.emit('ticket.opened', { ...TICKET, priority: 'urgent' } as never);
    await expect(refuse()).rejects.toThrow('schema_mismatch');
  });

  it('have in the catalogue the JSON Schema of their input, without patterns that RE2 cannot run', async () => {
    await definer().define(events);
    const shown = await engine.ok<{ schema: { properties: Record<string, unknown>; required: string[] } }>(
      ...(['GET', tenant.path('/event-types/ticket.opened')] as const),
    );
    expect(shown).toMatchObject({
      ...{ family: 'Tickets', description: 'A customer opened a ticket.', example: TICKET, version: 1 },
      ...{ versions: { 2: { draft: true, schema: { required: ['id', 'urgent'] } } } },
    });
    // `labels` has a default, so publishers may leave it out.
    expect(shown.schema.required).toEqual(['id', 'priority', 'minutes', 'contact', 'via']);
    const text = JSON.stringify(shown.schema);
    expect(text).toContain('"format":"duration"');
    expect(text).not.toMatch(/\(\?[=!]/);
    expect(await engine.ok('GET', tenant.path('/event-types/ticket.closed'))).toMatchObject({
      ...{ deprecated: true, replacedBy: 'ticket.opened' },
    });
  });

  it('are known to the compiler', () => {
    const opened: Opened = { ...TICKET, contact: null };
    // @ts-expect-error an enum has these values only
    const priority: Opened = { ...TICKET, priority: 'urgent' };
    // @ts-expect-error a union's member has its own fields
    const union: Opened = { ...TICKET, via: { kind: 'call', subject: 'Hi' } };
    const draft: Opened = { id: ID, urgent: false };
    // @ts-expect-error no version has this
    const none: Opened = { id: ID };
    expect([opened, priority, union, draft, none]).toHaveLength(5);
  });

  it('say which field has no form in JSON', () => {
    expect(() => defineEvents({ 'ticket.due': { schema: z.object({ at: z.date() }) } })).toThrow(
      /schema of ticket\.due cannot be written as a JSON Schema: Date/,
    );
  });
});
