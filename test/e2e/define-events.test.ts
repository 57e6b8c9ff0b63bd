import { Type as Part } from 'class-transformer';
import {
  IsArray,
  IsEmail,
  IsEnum,
  IsInt,
  IsOptional,
  IsString,
  Length,
  Matches,
  Min,
  ValidateNested,
} from 'class-validator';
import { Type } from 'typebox';
import { InstanceTypesService } from '../../src/event-types/instance-types.service.js';
import { schemaOfClass } from '../../src/event-types/dto-schema.js';
import { defineEvents, typedEmitter, type EventsOf } from '../../src/index.js';
import { useStory } from '../support/story.js';
import type { Problem } from '../support/tenant.js';

enum Kind {
  Person = 'person',
  Company = 'company',
}

class LeadDto {
  @IsEmail()
  email: string;

  @IsOptional()
  @IsString()
  @Length(1, 20)
  name?: string | null;
}

class SaleDto {
  @IsInt()
  @Min(1)
  cents: number;

  @IsEnum(Kind)
  kind: Kind;

  @Matches(/^[A-Z]{3}$/)
  currency: string;

  @ValidateNested()
  lead: LeadDto;

  @IsOptional()
  @IsArray()
  @ValidateNested({ each: true })
  @Part(() => LeadDto)
  others?: LeadDto[];

  @IsOptional()
  @IsString({ each: true })
  tags?: string[];
}

const LEAD = {
  type: 'object',
  required: ['email'],
  properties: {
    email: { type: 'string', format: 'email' },
    name: { type: ['string', 'null'], minLength: 1, maxLength: 20 },
  },
};

const standard = {
  '~standard': {
    version: 1,
    vendor: 'test',
    types: undefined as unknown as { input: { total: number }; output: { total: bigint } },
    jsonSchema: { input: () => ({ type: 'object', properties: { total: { type: 'number' } } }) },
  },
};

const events = defineEvents({
  'sale.made': { schema: SaleDto, validation: 'enforce' },
  'stock.low': { schema: Type.Object({ left: Type.Integer() }), example: { left: 2 } },
  'total.known': {
    schema: standard,
    versions: {
      2: { schema: Type.Object({ sum: Type.Number() }), downgrade: [{ move: 'sum', to: 'total' }] },
    },
  },
});

const { engine, tenant, receiver } = useStory();
const api = () => engine.apis[0] as (typeof engine.apis)[0];
const SALE = { cents: 7, kind: Kind.Person, currency: 'EUR', lead: { email: 'a@b.c' } };

describe('event types that code defines', () => {
  it('have the JSON Schema of a class with decorators', () => {
    expect(schemaOfClass(SaleDto)).toEqual({
      type: 'object',
      required: ['cents', 'kind', 'currency', 'lead'],
      properties: {
        cents: { type: 'integer', minimum: 1 },
        kind: { type: 'string', enum: ['person', 'company'] },
        currency: { type: 'string', pattern: '^[A-Z]{3}$' },
        lead: LEAD,
        others: { type: ['array', 'null'], items: LEAD },
        tags: { type: ['array', 'null'], items: { type: 'string' } },
      },
    });
    expect(schemaOfClass(Map)).toBeNull();
    expect(() => defineEvents({ a: { schema: Map } })).toThrow('class-validator');
  });

  it('say what has no form in JSON', () => {
    const input = () => {
      throw new Error('Date cannot be represented');
    };
    expect(() => defineEvents({ 'a.b': { schema: { '~standard': { jsonSchema: { input } } } } })).toThrow(
      'The schema of a.b cannot be written as a JSON Schema: Date cannot be represented',
    );
  });

  it('are known to the compiler, published by a typed emitter, and compared with their schemas', async () => {
    await api().get(InstanceTypesService, { strict: false }).define(events);
    await tenant.subscribe(receiver.url, { eventTypeVersions: { 'total.known': 1 } });
    // As the emitter of a host, by HTTP.
    const emitter = { emit: (_options: object, event: object) => tenant.publish(event) };
    const webhooks = typedEmitter(events, emitter, { space: tenant.uid });
    expect(await webhooks.emit('sale.made', SALE, { id: 's-1' })).toMatchObject({ deliveries: 1 });
    expect(await webhooks.emit('sale.made', SALE, { id: 's-1' })).toMatchObject({ duplicate: true });
    await webhooks.emit('stock.low', { left: 1 });
    await webhooks.emit('lead.create', { id: 'l-1' });
    await webhooks.emit('total.known', { sum: 3 });
    await webhooks.emit('total.known', { total: 4 }, { version: 1 });
    await receiver.received(5);
    const bodies = receiver.requests.map(
      ({ body }) => JSON.parse(body.toString()) as { type: string; data: object },
    );
    const totals = bodies.filter(({ type }) => type === 'total.known').map(({ data }) => data);
    expect(totals).toEqual(expect.arrayContaining([{ total: 3 }, { total: 4 }]));
    // @ts-expect-error the compiler knows the data: cents is missing
    await expect(webhooks.emit('sale.made', { ...SALE, cents: undefined })).rejects.toThrow('cents');
    // @ts-expect-error the compiler knows the types
    await expect(webhooks.emit('sale.unmade', {})).rejects.toThrow('unknown_event_type');
    const { status, body } = await tenant.send<Problem>({
      type: 'sale.made',
      data: { ...SALE, currency: 'eur' },
    });
    expect([status, body.errors?.[0]?.path]).toEqual([422, 'data.currency']);
    await engine.ok('PUT', '/v1/event-types', { types: {}, prune: true });
  });

  it('infer the data of each kind of schema', () => {
    const low: EventsOf<typeof events>['stock.low'] = { left: 1 };
    // @ts-expect-error a TypeBox type says that it is a number
    const wrong: EventsOf<typeof events>['stock.low'] = { left: 'x' };
    const either: EventsOf<typeof events>['total.known'][] = [{ total: 1 }, { sum: 2 }];
    expect([low, wrong, either]).toHaveLength(3);
  });
});
