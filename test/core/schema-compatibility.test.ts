import { comparing, incompatibilities } from '../../src/core/schema-compatibility.js';

const text = { type: 'string' };
const object = (properties: object, more: object = {}) => ({ type: 'object', properties, ...more });
const SPEC = object(
  { id: text, lead: object({ mail: text, age: { type: 'integer' } }) },
  { required: ['id'] },
);
const nullable = { anyOf: [text, { type: 'null' }] };

const found = (before: object, after: object) =>
  incompatibilities(before, after).map(({ place, breaks }) => `${breaks}${place}`);

describe('a change of a schema breaks nobody', () => {
  it.each<[string, object, object]>([
    ['the same', SPEC, structuredClone(SPEC)],
    ['the same in another order', { type: 'string', minLength: 1 }, { minLength: 1, type: 'string' }],
    [
      'other words',
      object({ a: text }),
      object({ a: { ...text, description: 'A', title: 'B', default: '' } }),
    ],
    ['a new optional field', object({ a: text }), object({ a: text, b: text })],
    [
      'a new optional field of a closed object',
      object({ a: text }, { additionalProperties: false }),
      object({ a: text, b: text }, { additionalProperties: false }),
    ],
    ['an object that is open now', object({ a: text }, { additionalProperties: false }), object({ a: text })],
    ['the first schema', {}, SPEC],
    ['the first schema, after words', { title: 'Nothing yet' }, SPEC],
    ['a format', object({ a: text }), object({ a: { ...text, format: 'email' } })],
    [
      'alternatives in another order',
      { anyOf: [text, { type: 'null' }] },
      { anyOf: [{ type: 'null' }, text] },
    ],
    [
      'a new optional field of an alternative',
      { anyOf: [object({ a: text }), text] },
      { anyOf: [object({ a: text, b: text }), text] },
    ],
    ['types in another order', { type: ['string', 'null'] }, { type: ['null', 'string'] }],
    ['values in another order', { enum: ['a', 'b'] }, { enum: ['b', 'a'] }],
    [
      'a field beside a reference by an anchor',
      object({ a: { $ref: '#x' } }, { $defs: { x: { ...text, $anchor: 'x' } } }),
      object({ a: { $ref: '#x' }, b: text }, { $defs: { x: { ...text, $anchor: 'x' } } }),
    ],
    ['a definition of the same', { $ref: '#/$defs/a', $defs: { a: text } }, text],
    [
      'definitions that refer to themselves',
      { $ref: '#/$defs/a', $defs: { a: object({ next: { $ref: '#/$defs/a' } }) } },
      { $ref: '#/$defs/a', $defs: { a: object({ next: { $ref: '#/$defs/a' }, b: text }) } },
    ],
  ])('%s', (_name, before, after) => {
    expect(incompatibilities(before, after)).toEqual([]);
  });
});

describe('a change of a schema breaks', () => {
  it.each<[string, object, object, string[]]>([
    [
      'a new required field',
      object({ a: text }),
      object({ a: text, b: text }, { required: ['b'] }),
      ['publishers.b'],
    ],
    [
      'a field that is required now',
      object({ a: text }),
      object({ a: text }, { required: ['a'] }),
      ['publishers.a'],
    ],
    [
      'a field that is optional now',
      object({ a: text }, { required: ['a'] }),
      object({ a: text }),
      ['receivers.a'],
    ],
    [
      'a removed field',
      SPEC,
      object({ id: text, lead: object({ mail: text }) }, { required: ['id'] }),
      ['receivers.lead.age'],
    ],
    ['another type', object({ a: text }), object({ a: { type: 'number' } }), ['publishers.a', 'receivers.a']],
    ['a narrower type', { type: ['string', 'null'] }, text, ['publishers']],
    ['a wider type', text, { type: ['string', 'null'] }, ['receivers']],
    ['no fractions', { type: 'number' }, { type: 'integer' }, ['publishers']],
    ['fractions', { type: 'integer' }, { type: 'number' }, ['receivers']],
    ['a type where there was none', object({ a: {} }), object({ a: text }), ['publishers.a']],
    ['no type where there was one', object({ a: text }), object({ a: {} }), ['receivers.a']],
    ['no schema any more', SPEC, {}, ['receivers', 'receivers.id', 'receivers.id', 'receivers.lead']],
    ['a removed value', { enum: ['a', 'b'] }, { enum: ['a'] }, ['publishers']],
    ['a new value', { enum: ['a'] }, { enum: ['a', 'b'] }, ['receivers']],
    ['another constant', { const: 'a' }, { const: 'b' }, ['publishers', 'receivers']],
    ['listed values', text, { ...text, enum: ['a'] }, ['publishers']],
    ['values that are no longer listed', { ...text, enum: ['a'] }, text, ['receivers']],
    [
      'closed objects',
      object({ a: text }),
      object({ a: text }, { additionalProperties: false }),
      ['publishers'],
    ],
    ['further fields of one type', object({}), object({}, { additionalProperties: text }), ['publishers.*']],
    [
      'a field against that type',
      object({}, { additionalProperties: text }),
      object({ a: { type: 'null' } }, { additionalProperties: text }),
      ['publishers.a', 'receivers.a'],
    ],
    ['shorter texts', text, { ...text, maxLength: 9 }, ['publishers']],
    ['longer texts', { ...text, maxLength: 9 }, { ...text, maxLength: 10 }, ['receivers']],
    ['a higher minimum', { minimum: 1 }, { minimum: 2 }, ['publishers']],
    ['a lower minimum', { minimum: 2 }, { minimum: 1 }, ['receivers']],
    ['a pattern', text, { ...text, pattern: 'a' }, ['publishers']],
    ['no pattern', { ...text, pattern: 'a' }, text, ['receivers']],
    ['another format', { ...text, format: 'date' }, { ...text, format: 'email' }, ['receivers']],
    ['items', { items: object({ a: text }) }, { items: object({}) }, ['receivers[].a']],
    [
      'places of a list',
      { prefixItems: [text, text] },
      { prefixItems: [text, { type: 'null' }] },
      ['publishers[1]', 'receivers[1]'],
    ],
    ['fewer places of a list', { prefixItems: [text, text] }, { prefixItems: [text] }, ['publishers']],
    [
      'a new alternative',
      { anyOf: [text, { type: 'null' }] },
      { anyOf: [text, { type: 'null' }, { type: 'array' }] },
      ['receivers'],
    ],
    ['a lost alternative', { anyOf: [text, { type: 'null' }, { type: 'array' }] }, nullable, ['publishers']],
    [
      'inside of an alternative',
      { anyOf: [object({ a: text }), text] },
      { anyOf: [object({}), text] },
      ['receivers.a'],
    ],
    ['what cannot be judged', { not: text }, { not: { type: 'null' } }, ['publishers']],
    [
      'a definition',
      { $ref: '#/$defs/a', $defs: { a: object({ b: text }) } },
      { $ref: '#/$defs/a', $defs: { a: object({}) } },
      ['receivers.b'],
    ],
    [
      'a reference elsewhere',
      { $ref: '#/$defs/a', $defs: { a: text } },
      { $ref: '#/$defs/b', $defs: { b: { type: 'null' } } },
      ['publishers', 'receivers'],
    ],
    [
      'a definition that is referred to by its anchor',
      object({ a: { $ref: '#x' } }, { $defs: { x: { ...text, $anchor: 'x' } } }),
      object({ a: { $ref: '#x' } }, { $defs: { x: { type: 'null', $anchor: 'x' } } }),
      ['publishers.a'],
    ],
    [
      'a definition that is referred to by its id',
      object({ a: { $ref: 'urn:x' } }, { $defs: { x: { ...text, $id: 'urn:x' } } }),
      object({ a: { $ref: 'urn:x' } }, { $defs: { x: { type: 'null', $id: 'urn:x' } } }),
      ['publishers.a'],
    ],
    [
      'a definition that is referred to by a dynamic anchor',
      object({ a: { $dynamicRef: '#x' } }, { $defs: { x: { ...text, $dynamicAnchor: 'x' } } }),
      object({ a: { $dynamicRef: '#x' } }, { $defs: { x: { type: 'null', $dynamicAnchor: 'x' } } }),
      ['publishers.a'],
    ],
    ['nothing that may be there', object({ a: text }), object({ a: false }), ['publishers.a']],
  ])('with %s', (_name, before, after, expected) => {
    expect(found(before, after).toSorted()).toEqual(expected.toSorted());
  });
});

describe('whatever schemas there are, comparing them takes milliseconds', () => {
  const nested = (depth: number, leaf: object): object =>
    depth === 0 ? leaf : { anyOf: [nested(depth - 1, leaf), { const: 'x'.repeat(400) }] };
  const doubling = (leaf: object) => ({
    $ref: '#/$defs/d40',
    $defs: Object.fromEntries([
      ['d0', leaf],
      ...Array.from({ length: 40 }, (_none, n) => [
        `d${n + 1}`,
        object({ a: { $ref: `#/$defs/d${n}` }, b: { $ref: `#/$defs/d${n}` } }),
      ]),
    ]) as object,
  });
  const wide = (leaf: object) =>
    object(Object.fromEntries(Array.from({ length: 1_500 }, (_none, n) => [`f${n}`, leaf])));

  const names = (first: string) => Array.from({ length: 4_500 }, (_none, n) => `${first}${n}`);
  /** Each of its levels leads to two more. */
  const fork = (next: object, leaf: object) => ({
    $defs: { a: { items: next, additionalProperties: next, properties: { leaf } } },
    $ref: '#/$defs/a',
  });
  it.each<[string, object, object]>([
    ['nested alternatives', nested(60, text), nested(60, { type: 'null' })],
    ['references that double', doubling(text), doubling({ type: 'null' })],
    ['references in a circle', { $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/a' } } }, text],
    ['many fields', wide(text), wide({ type: 'null' })],
    ['a reference to nowhere', { $ref: '#/%zz' }, text],
    ['references that double, beside nothing', fork({ $ref: '#/$defs/a' }, text), fork({}, { type: 'null' })],
    ['many required fields', object({}, { required: names('a') }), object({}, { required: names('b') })],
    ['many values', { enum: names('a') }, { enum: names('b') }],
  ])('%s', (_name, before, after) => {
    const begun = process.cpuUsage();
    expect(incompatibilities(before, after).length).toBeGreaterThan(0);
    const { user, system } = process.cpuUsage(begun);
    expect((user + system) / 1_000).toBeLessThan(100);
  });
});

describe('comparing is made of short steps', () => {
  it('that are many for a large schema', () => {
    const fields = (minLength: number) =>
      object(Object.fromEntries(Array.from({ length: 1_200 }, (_none, n) => [`f${n}`, { minLength }])));
    const closed = { ...fields(1), additionalProperties: false };
    expect([...comparing(fields(1), closed)].length).toBeGreaterThan(50);
  });

  it('that end, however many pairs the references make', () => {
    const crossing = (count: number, factor: number) => ({
      $defs: Object.fromEntries(
        Array.from({ length: count }, (_none, n) => [
          `d${n}`,
          object(
            Object.fromEntries(
              [0, 1, 2, 3].map((k) => [`p${k}`, { $ref: `#/$defs/d${(n * factor + k * k + 1) % count}` }]),
            ),
            {},
          ),
        ]),
      ),
      $ref: '#/$defs/d0',
    });
    const steps = comparing(crossing(220, 7), crossing(211, 3));
    let count = 0;
    let step = steps.next();
    for (; !step.done; step = steps.next()) count += 1;
    expect(count).toBeLessThan(300);
    expect(step.value).toMatchObject([{ breaks: 'publishers', why: 'has too large a schema to be judged' }]);
  });
});
