import { parseExactly } from '../../src/lib/exact-number.js';
import { compileFilter, matchFilter, parseFilter } from '../../src/core/filter.js';

const DATA = {
  lead: {
    email: 'a@b.c',
    score: 12,
    tags: ['hot', 'fr'],
    owner: null,
    vip: true,
    address: { city: 'Paris' },
  },
  text: 'hello',
  'zero-width': 0,
};

function fails(filter: unknown, data: unknown = DATA): string | null {
  return matchFilter(compileFilter(filter), data);
}

describe('a filter holds', () => {
  it.each([
    [{}],
    [null],
    [{ text: 'hello' }],
    [{ 'lead.score': 12 }],
    [{ 'lead.vip': true }],
    [{ 'lead.owner': null }],
    [{ 'lead.address.city': { in: ['Rome', 'Paris'] } }],
    [{ 'lead.tags.0': 'hot' }],
    [{ 'lead.tags.1': { not: 'hot' } }],
    [{ text: { not: { in: ['a', 'b'] } } }],
    [{ 'lead.score': { gt: 11 } }],
    [{ 'lead.score': { gte: 12, lte: 12 } }],
    [{ 'lead.score': { gt: 11, lt: 13 } }],
    [{ 'lead.owner': { exists: true } }],
    [{ 'lead.phone': { exists: false } }],
    [{ 'lead.phone': { not: '123' } }],
    [{ 'zero-width': 0 }],
    [{ text: { prefix: 'he' } }],
    [{ text: { suffix: 'lo', prefix: 'hello' } }],
    [{ text: { not: { prefix: 'x' } } }],
    [{ 'lead.score': { not: { suffix: '2' } } }],
    [{ $or: [{ text: 'x' }, { 'lead.score': 12 }] }],
    [
      {
        $or: [
          { text: 'x', 'lead.vip': true },
          { text: { prefix: 'h' }, 'lead.vip': true },
        ],
        'lead.score': 12,
      },
    ],
    [{ $or: [{ text: 'x' }, { $or: [{ 'lead.phone': 1 }, { text: { suffix: 'o' } }] }] }],
    [{ $or: { exists: false } }],
  ])('%j', (filter) => {
    expect(fails(filter)).toBeNull();
  });
});

describe('a filter fails, and tells where', () => {
  it.each([
    [{ text: 'Hello' }, 'text'],
    [{ text: { prefix: 'hello ' } }, 'text'],
    [{ text: { suffix: 'lo', prefix: 'x' } }, 'text'],
    [{ text: { not: { suffix: 'lo' } } }, 'text'],
    [{ 'lead.score': { prefix: '1' } }, 'lead.score'],
    [{ 'lead.phone': { prefix: '1' } }, 'lead.phone'],
    [{ $or: [{ text: 'x' }, { 'lead.score': 13 }] }, '$or'],
    [{ $or: [{ text: 'hello' }], 'lead.score': 13 }, 'lead.score'],
    [{ 'lead.score': '12' }, 'lead.score'],
    [{ 'lead.vip': 1 }, 'lead.vip'],
    [{ 'lead.phone': null }, 'lead.phone'],
    [{ 'lead.owner': { exists: false } }, 'lead.owner'],
    [{ 'lead.address': { exists: true }, 'lead.address.zip': { exists: true } }, 'lead.address.zip'],
    [{ 'lead.score': { in: [1, 2] } }, 'lead.score'],
    [{ 'lead.score': { not: 12 } }, 'lead.score'],
    [{ 'lead.score': { not: { in: [12] } } }, 'lead.score'],
    [{ 'lead.score': { gt: 12 } }, 'lead.score'],
    [{ 'lead.score': { gte: 1, lt: 12 } }, 'lead.score'],
    [{ text: { gt: 0 } }, 'text'],
    [{ 'lead.phone': { lt: 5 } }, 'lead.phone'],
    [{ 'lead.address': 'Paris' }, 'lead.address'],
    [{ 'lead.tags': 'hot' }, 'lead.tags'],
    [{ 'lead.tags.2': { exists: true } }, 'lead.tags.2'],
    [{ text: 'hello', 'lead.vip': false, 'lead.score': 0 }, 'lead.vip'],
  ])('%j', (filter, path) => {
    expect(fails(filter)).toBe(path);
  });

  it('on any path of data that is not an object', () => {
    for (const data of [null, 'text', 5, []]) expect(fails({ a: { exists: true } }, data)).toBe('a');
  });
});

describe('a path', () => {
  it.each([
    'constructor',
    '__proto__',
    'lead.constructor.name',
    'lead.tags.length',
    'text.length',
    'toString',
  ])('reaches own properties only: %s leads nowhere', (path) => {
    expect(fails({ [path]: { exists: true } })).toBe(path);
  });

  it('may be called like a prototype when the data really has it', () => {
    const data: unknown = JSON.parse('{"__proto__": {"a": 1}}');
    const filter: unknown = JSON.parse('{"__proto__.a": 1}');
    expect(fails(filter, data)).toBeNull();
  });
});

describe('reading a filter', () => {
  it.each([
    ['text', 'filter'],
    [[], 'filter'],
    [{ '': 1 }, 'filter[""]'],
    [{ 'a..b': 1 }, 'filter["a..b"]'],
    [{ '.a': 1 }, 'filter[".a"]'],
    [{ a: [1] }, 'filter["a"]'],
    [{ a: {} }, 'filter["a"]'],
    [{ a: { equals: 1 } }, 'filter["a"].equals'],
    [{ a: { constructor: 1 } }, 'filter["a"].constructor'],
    [{ a: { in: 'b' } }, 'filter["a"].in'],
    [{ a: { in: [] } }, 'filter["a"].in'],
    [{ a: { in: [1, {}] } }, 'filter["a"].in[1]'],
    [{ a: { in: Array<number>(101).fill(1) } }, 'filter["a"].in'],
    [{ a: { not: [1] } }, 'filter["a"].not'],
    [{ a: { not: { gt: 1 } } }, 'filter["a"].not'],
    [{ a: { not: { in: [[]] } } }, 'filter["a"].not.in[0]'],
    [{ a: { gt: '5' } }, 'filter["a"].gt'],
    [{ a: { prefix: '' } }, 'filter["a"].prefix'],
    [{ a: { suffix: 5 } }, 'filter["a"].suffix'],
    [{ a: { prefix: 'x'.repeat(257) } }, 'filter["a"].prefix'],
    [{ a: { not: { prefix: 1 } } }, 'filter["a"].not.prefix'],
    [{ a: { not: { prefix: 'a', suffix: 'b' } } }, 'filter["a"].not'],
    [{ $or: [] }, 'filter["$or"]'],
    [{ $or: [{}] }, 'filter["$or"][0]'],
    [{ $or: ['x'] }, 'filter["$or"][0]'],
    [{ $or: [{ a: 1 }, { b: { gt: 'x' } }] }, 'filter["$or"][1]["b"].gt'],
    [{ $or: Array<object>(32).fill({ a: 1 }) }, 'filter'],
    [
      { $or: [{ $or: [{ $or: [{ $or: [{ $or: [{ a: 1 }] }] }] }] }] },
      expect.stringMatching(/^filter(\["\$or"\](\[0\])?){5}$/),
    ],
    [{ a: { exists: 'yes' } }, 'filter["a"].exists'],
    [{ ['a'.repeat(257)]: 1 }, `filter["${'a'.repeat(256)}"]`],
    [Object.fromEntries(Array.from({ length: 33 }, (_, index) => [`p${index}`, 1])), 'filter'],
  ])('refuses %j and names the place', (input, path) => {
    const parsed = parseFilter(input);
    expect(parsed).toEqual({
      issues: [expect.objectContaining({ path, code: 'invalid_filter' })],
    });
  });

  it('names everything that is wrong at once', () => {
    const parsed = parseFilter({ a: { gt: 'x' }, b: { in: [] }, c: 1 });
    expect('issues' in parsed && parsed.issues).toHaveLength(2);
  });

  it.each([{ a: Infinity }, { a: { gt: -Infinity } }, { a: { in: [Infinity] } }, { a: { not: Infinity } }])(
    'refuses a number that would be stored as null: %p',
    (filter) => {
      expect(parseFilter(filter)).toHaveProperty('issues');
    },
  );

  it('takes nothing for the empty filter', () => {
    expect(parseFilter(undefined)).toEqual({ filter: [] });
    expect(parseFilter(null)).toEqual({ filter: [] });
  });

  it('takes the largest allowed', () => {
    const input = Object.fromEntries(
      Array.from({ length: 32 }, (_, index) => [`p${index}`, { in: Array<number>(100).fill(index) }]),
    );
    expect(parseFilter(input)).toHaveProperty('filter');
  });
});

describe('numbers are compared as they are written', () => {
  const holds = (filter: string, data: string) =>
    matchFilter(compileFilter(parseExactly(`{"n":${filter}}`)), parseExactly(`{"n":${data}}`)) === null;

  it.each([
    ['9007199254740993', '9007199254740993', true],
    ['9007199254740993', '9007199254740992', false],
    ['9007199254740992', '9007199254740993', false],
    ['9007199254740993', '9007199254740993.0', true],
    ['1497549923779084388', '1497549923779084388', true],
    ['1497549923779084388', '1497549923779084300', false],
    ['0.1', '0.10000000000000000001', false],
    ['0.10000000000000000001', '0.10000000000000000001', true],
    ['1e2', '100', true],
    ['100.0', '1e2', true],
    ['0', '-0', true],
    ['{"not":9007199254740993}', '9007199254740992', true],
    ['{"not":9007199254740993}', '9007199254740993', false],
    ['{"not":{"in":[1,9007199254740993]}}', '9007199254740993', false],
    ['{"in":[1,9007199254740993]}', '9007199254740993', true],
    ['{"in":[1,9007199254740993]}', '9007199254740992', false],
    ['{"in":["9007199254740993",true]}', '9007199254740993', false],
    ['{"gt":9007199254740992}', '9007199254740993', true],
    ['{"gt":9007199254740993}', '9007199254740993', false],
    ['{"gte":9007199254740993}', '9007199254740993', true],
    ['{"gte":9007199254740993}', '9007199254740992', false],
    ['{"lt":9007199254740993}', '9007199254740992', true],
    ['{"lte":9007199254740993}', '9007199254740994', false],
    ['{"gt":0.1}', '0.10000000000000000001', true],
    ['{"gt":1e308}', '1e999999999', true],
    ['{"lt":-1e308}', '-1e999999999', true],
    ['{"gt":0}', '1e-999999999', true],
    ['{"gt":1e-400}', '1e-401', false],
    ['{"exists":true}', '9007199254740993', true],
    ['"9007199254740993"', '9007199254740993', false],
  ])('%s of %s: %s', (filter, data, is) => {
    expect(holds(filter, data)).toBe(is);
  });

  it.each(['1e400', '-1e400', '1e-401', '-1e-999999999', `1.${'1'.repeat(1_000)}`])(
    'and refused where the database could not keep them: %s',
    (number) => {
      for (const filter of [number, `{"gt":${number}}`, `{"in":[${number}]}`, `{"not":${number}}`])
        expect(parseFilter(parseExactly(`{"n":${filter}}`))).toMatchObject({
          issues: [{ code: 'invalid_filter' }],
        });
    },
  );

  it('and no path leads into one', () => {
    const data = parseExactly('{"n":9007199254740993}');
    for (const path of ['n.text', 'n.near', 'n.known'])
      expect(matchFilter(compileFilter({ [path]: { exists: true } }), data)).toBe(path);
  });
});

describe('a key with dots', () => {
  const data = { 'a.b': { 'c.d': 1 }, a: { b: 2 }, 'x["y"]': 3, '': 4 };

  it.each([
    [{ '["a.b"]["c.d"]': 1 }],
    [{ '["a.b"].c.d': { exists: false } }],
    [{ 'a.b': 2 }],
    [{ '["a"]["b"]': 2 }],
    [{ '[""]': 4 }],
  ])('is reached in brackets: %j', (filter) => {
    expect(fails(filter, data)).toBeNull();
  });

  it.each(['["a.b', 'a["b"]c', '["a"]..b', '["a\\q"]'])(
    'is refused where its brackets are wrong: %s',
    (path) => {
      expect(parseFilter({ [path]: 1 })).toMatchObject({ issues: [{ code: 'invalid_filter' }] });
    },
  );

  it('is what it was in filters of before', () => {
    expect(fails({ 'a["b"]c': { exists: false }, 'x["y': { exists: false } }, data)).toBeNull();
  });
});

it('says how to write equality, nested fields and numbers', () => {
  const messageOf = (filter: object) => {
    const parsed = parseFilter(filter);
    return 'issues' in parsed ? parsed.issues.map(({ message }) => message).join(' ') : '';
  };
  for (const filter of [{ status: { eq: 'won' } }, { lead: { country: 'FR' } }])
    expect(messageOf(filter)).toMatch(/For equality, .*\{"status": "won"\}.*\{"lead.country": "FR"\}\.$/);
  expect(messageOf({ score: { gt: '5' } })).toBe('Use a number, without quotes.');
});
