import { linesOf, planOf, readDeclared, type Declared, type Existing } from '../../src/cli/apply-plan.js';

const existing = (uid: string | null, fields: object = {}): Existing => ({
  id: `sub_${uid}`,
  uid,
  ...fields,
});
const plan = (fields: Declared, now: Existing) => planOf([fields], [now], false);

describe('the plan of posthorn apply', () => {
  it('deletes what the file leaves out with --prune only, and never what has no uid', () => {
    const all = [existing('kept'), existing('gone'), existing(null)];
    expect(planOf([{ uid: 'kept' }], all, true)).toEqual([{ kind: 'delete', uid: 'gone' }]);
    expect(planOf([{ uid: 'kept' }], all, false)).toEqual([]);
  });

  it('sends credentials each time, since they are not shown, unless both are null', () => {
    const oauth2 = { clientId: 'a', clientSecret: 'b' };
    const step = { kind: 'update', uid: 'a', differences: [{ field: 'oauth2', to: oauth2 }] };
    expect(plan({ uid: 'a', oauth2 }, existing('a', { oauth2: { clientId: 'a' } }))).toEqual([step]);
    expect(plan({ uid: 'a', oauth2: null }, existing('a', { oauth2: null }))).toEqual([]);
  });

  it('leaves the secret of a subscription that exists', () => {
    expect(plan({ uid: 'a', secret: 'whsec_x' }, existing('a'))).toEqual([]);
  });

  it('shows no value that may be a secret', () => {
    const fields = {
      uid: 'a',
      headers: { token: 'new-one' },
      oauth2: { clientSecret: 'secret' },
      url: 'https://b',
    };
    const [step] = plan(
      fields,
      existing('a', { headers: { token: 'old-one' }, oauth2: {}, url: 'https://a' }),
    );
    const lines = step ? linesOf(step) : [];
    expect(lines).toEqual([
      '~ a',
      '    headers: ***',
      '    oauth2: ***',
      '    url: "https://a" → "https://b"',
    ]);
  });
});

it.each([
  [[], 'The file has no list "subscriptions".'],
  [{ subscriptions: {} }, 'The file has no list "subscriptions".'],
  [{ subscriptions: [{ url: 'x' }] }, 'subscriptions[0] has no uid.'],
  [{ subscriptions: [null] }, 'subscriptions[0] has no uid.'],
  [{ subscriptions: [{ uid: 'a' }, { uid: 'a' }] }, 'subscriptions[1]: the uid "a" is used twice.'],
  [
    { subscriptions: [{ uid: 'a', status: 'pause' }] },
    'the status is "active" or "paused". Nothing was sent.',
  ],
])('refuses %j', (value, message) => {
  expect(() => readDeclared(value)).toThrow(message);
});
