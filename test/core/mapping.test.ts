import { PARSED_FORM, TEXT_FORM } from '../../src/core/document-forms.js';
import {
  checkMapping,
  mapAtOnce,
  mapDocument,
  MappingFailed,
  type MappingStep,
} from '../../src/core/mapping.js';
import { convertedDown, currentVersion, stepsDown } from '../../src/core/type-versions.js';

const CASES: [name: string, steps: MappingStep[], from: string, to: string][] = [
  ['moves', [{ move: 'lead.mail', to: 'lead.email' }], '{"lead":{"mail":"a"}}', '{"lead":{"email":"a"}}'],
  ['moves nothing', [{ move: 'lead.mail', to: 'x' }], '{"lead":{"id":1.0}}', '{"lead":{"id":1.0}}'],
  ['moves up', [{ move: 'a.b.c', to: 'c' }], '{"a":{"b":{"c":[1]}}}', '{"a":{"b":{}},"c":[1]}'],
  [
    'makes objects',
    [{ move: 'mail', to: 'lead.contact.mail' }],
    '{"mail":1}',
    '{"lead":{"contact":{"mail":1}}}',
  ],
  ['replaces null on the way', [{ set: 'lead.a', value: 1 }], '{"lead":null}', '{"lead":{"a":1}}'],
  ['drops', [{ drop: 'a.b' }, { drop: 'x.y.z' }], '{"a":{"b":1,"c":2}}', '{"a":{"c":2}}'],
  ['sets', [{ set: 'kind', value: 'person' }], '{"kind":"old"}', '{"kind":"person"}'],
  ['sets what is absent', [{ default: 'a', value: 0 }], '{}', '{"a":0}'],
  ['sets what is null', [{ default: 'a', value: [] }], '{"a":null}', '{"a":[]}'],
  ['keeps what is there', [{ default: 'a', value: 0 }], '{"a":false}', '{"a":false}'],
  ['keys with dots', [{ move: 'a["b.c"]', to: 'd' }], '{"a":{"b.c":1}}', '{"a":{},"d":1}'],
  [
    'swaps',
    [
      { move: 'a', to: 't' },
      { move: 'b', to: 'a' },
      { move: 't', to: 'b' },
    ],
    '{"a":1,"b":2}',
    '{"a":2,"b":1}',
  ],
];

describe('a mapping of data', () => {
  it.each(CASES)('%s', (_name, steps, from, to) => {
    expect(checkMapping(steps, 'downgrade')).toEqual([]);
    expect(mapAtOnce(from, steps, TEXT_FORM)).toBe(to);
    const parsed: unknown = JSON.parse(from);
    expect(mapAtOnce(parsed, steps, PARSED_FORM)).toEqual(JSON.parse(to));
    expect(parsed).toEqual(JSON.parse(from));
  });

  it('leaves every byte of what it does not touch', () => {
    const from = '{ "a" : {"n": 12345678901234567890.50, "t":"\\u00e9"}, "b":{"c":1} }';
    expect(mapAtOnce(from, [{ drop: 'b.c' }], TEXT_FORM)).toBe(
      '{"a":{"n": 12345678901234567890.50, "t":"\\u00e9"},"b":{}}',
    );
  });

  it.each<[MappingStep, string]>([
    [{ set: 'lead.email', value: 1 }, '{"lead":"a text"}'],
    [{ move: 'a', to: 'lead.0.a' }, '{"lead":[1],"a":1}'],
    [{ default: 'lead.x', value: 1 }, '{"lead":7}'],
  ])('%j fails where something on the way is not an object', (step, from) => {
    for (const run of [
      () => mapAtOnce(from, [step], TEXT_FORM),
      () => mapAtOnce<unknown>(JSON.parse(from), [step], PARSED_FORM),
    ]) {
      expect(run).toThrow(MappingFailed);
      expect(run).toThrow(/step 1, .*"lead" is not an object/);
    }
  });

  it.each<[unknown, string]>([
    ['no list', 'd'],
    [[null], 'd[0]'],
    [[{}], 'd[0]'],
    [[{ move: 'a' }], 'd[0]'],
    [[{ drop: 'a', to: 'b' }], 'd[0]'],
    [[{ set: 'a' }], 'd[0]'],
    [[{ drop: '' }], 'd[0].drop'],
    [[{ drop: 'a..b' }], 'd[0].drop'],
    [[{ drop: 'a["b' }], 'd[0].drop'],
    [[{ move: 'a', to: '__proto__.x' }], 'd[0].to'],
    [[{ drop: 'constructor' }], 'd[0].drop'],
    [[{ drop: 'a.b.c.d.e.f.g.h.i' }], 'd[0].drop'],
    [[{ set: 'a', value: 'x'.repeat(5_000) }], 'd[0].value'],
    [Array.from({ length: 51 }, () => ({ drop: 'a' })), 'd'],
  ])('%j is refused', (steps, path) => {
    expect(checkMapping(steps, 'd').map((issue) => issue.path)).toEqual([path]);
  });

  it('gives its caller a turn before each look into a value', () => {
    const text = `{"lead":{"mail":"a","notes":${JSON.stringify('x'.repeat(200_000))}}}`;
    const walk = mapDocument(
      text,
      [{ move: 'lead.mail', to: 'lead.email' }, { drop: 'lead.phone' }],
      TEXT_FORM,
    );
    const looks: number[] = [];
    for (let turn = walk.next(); !turn.done; turn = walk.next()) looks.push(turn.value.length);
    // The event and its lead, each once, however many steps go through them.
    expect(looks).toHaveLength(2);
  });

  it('reads an own member of any name', () => {
    const text = '{"__proto__":{"a":1},"b":2}';
    expect(mapAtOnce(text, [{ drop: 'b' }], TEXT_FORM)).toBe('{"__proto__":{"a":1}}');
    const mapped = mapAtOnce<unknown>(JSON.parse(text), [{ drop: 'b' }], PARSED_FORM);
    expect(JSON.stringify(mapped)).toBe('{"__proto__":{"a":1}}');
  });
});

describe('versions of a type', () => {
  const step = (n: number): MappingStep[] => [{ set: `v${n}`, value: n }];
  const versions = {
    2: { draft: false, downgrade: step(2) },
    3: { draft: false, downgrade: step(3) },
    5: { draft: false, downgrade: null },
    6: { draft: true, downgrade: step(6) },
  };

  it('the newest that is no draft is the current one', () => {
    expect(currentVersion(versions)).toBe(5);
    expect(currentVersion({ 2: { draft: true } })).toBe(1);
    expect(currentVersion({})).toBe(1);
  });

  it.each<[number, number, unknown]>([
    [3, 1, [...step(3), ...step(2)]],
    [3, 2, step(3)],
    [2, 1, step(2)],
    [6, 5, step(6)],
    [6, 3, { missing: 5 }],
    [5, 1, { missing: 5 }],
    [4, 1, { missing: 4 }],
  ])('from %d down to %d', (from, to, expected) => {
    expect(stepsDown(versions, from, to)).toEqual(expected);
  });

  it('parsed data is converted, or nothing is', () => {
    expect(convertedDown(versions, { a: 1 }, 3, 2)).toEqual({ data: { a: 1, v3: 3 } });
    expect(convertedDown(versions, {}, 5, 1)).toBeNull();
    const failing = { 2: { draft: false, downgrade: [{ set: 'a.b', value: 1 }] } };
    expect(convertedDown(failing, { a: 'text' }, 2, 1)).toBeNull();
  });
});
