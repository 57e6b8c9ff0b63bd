import { compilePatterns, parsePatterns } from '../../src/core/event-pattern.js';

const KNOWN = [
  'lead.create',
  'lead.update',
  'lead.status.change',
  'leader.create',
  'emailsSent',
  'EMAIL_SENT',
];

const NEUTRAL = [
  'billing:invoice.paid',
  'billing:invoice.void',
  'billing:plan',
  'Order/Placed',
  'a-b:c',
  'billing',
];

describe('a pattern', () => {
  it.each([
    [['lead.create'], ['lead.create']],
    [['lead.*'], ['lead.create', 'lead.update', 'lead.status.change']],
    [['lead.status.*'], ['lead.status.change']],
    [['*'], KNOWN],
    [
      ['emailsSent', 'leader.*'],
      ['leader.create', 'emailsSent'],
    ],
    [['lead'], []],
    [['LEAD.CREATE'], []],
    [[], []],
  ])('%j matches exactly %j', (patterns, expected) => {
    expect(KNOWN.filter(compilePatterns(patterns))).toEqual(expected);
  });

  it.each([
    [['billing:*'], ['billing:invoice.paid', 'billing:invoice.void', 'billing:plan']],
    [['billing:invoice.*'], ['billing:invoice.paid', 'billing:invoice.void']],
    [['billing.*'], []],
    [
      ['Order/Placed', 'a-b:*'],
      ['Order/Placed', 'a-b:c'],
    ],
  ])('of neutral names, %j matches exactly %j', (patterns, expected) => {
    expect(NEUTRAL.filter(compilePatterns(patterns))).toEqual(expected);
  });

  it('with a prefix does not match the prefix itself', () => {
    const matches = compilePatterns(['lead.*']);
    expect(matches('lead')).toBe(false);
    expect(matches('lead.')).toBe(true);
  });
});

describe('checking patterns', () => {
  it('finds nothing wrong with known names, prefixes that match and the star', () => {
    expect(parsePatterns(['lead.create', 'lead.status.*', '*'], KNOWN)).toEqual([]);
    expect(parsePatterns(['*'], [])).toEqual([]);
  });

  it('names the place of an unknown name and what was probably meant', () => {
    expect(parsePatterns(['lead.create', 'lead.created'], KNOWN)).toEqual([
      {
        path: 'events[1]',
        code: 'unknown_event_type',
        message: 'There is no event type "lead.created". Did you mean "lead.create"?',
      },
    ]);
  });

  it.each([
    ['email_sent', 'EMAIL_SENT'],
    ['emailsSend', 'emailsSent'],
    ['led.*', 'lead.*'],
    ['lead.stats.*', 'lead.status.*'],
  ])('suggests for %s the nearest: %s', (pattern, meant) => {
    expect(parsePatterns([pattern], KNOWN)[0]?.message).toContain(`"${meant}"?`);
  });

  it.each([
    ['billing.*', 'billing:*'],
    ['biling:*', 'billing:*'],
    ['billing:invoices.*', 'billing:invoice.*'],
  ])('suggests the separator that the names have for %s: %s', (pattern, meant) => {
    expect(parsePatterns([pattern], NEUTRAL)[0]?.message).toContain(`"${meant}"?`);
  });

  it('suggests nothing where nothing is near', () => {
    expect(parsePatterns(['completely.different'], KNOWN)[0]?.message).not.toContain('mean');
  });

  it.each(['lead*', '*.create', 'lead.*.change', '**', '*.*', 'lead.**', 'a:*:b', '*:x', 'a/*'])(
    'explains that a star stands alone or last: %s',
    (pattern) => {
      const [issue] = parsePatterns([pattern], KNOWN);
      expect(issue?.code).toBe('unknown_event_type');
      expect(issue?.message).toContain('is not a pattern');
    },
  );

  it('stays quick with a very long word', () => {
    expect(parsePatterns(['x'.repeat(1_000_000)], KNOWN)).toHaveLength(1);
  });
});
