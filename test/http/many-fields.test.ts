import { Invalid } from '../../src/core/errors.js';
import { readEvents } from '../../src/events/publish-input.js';
import { StrictValidationPipe } from '../../src/http/validation.pipe.js';
import { CreatePortalLink } from '../../src/spaces/portal-link.dto.js';
import { CreateSpace } from '../../src/spaces/space.dto.js';
import { budgetTaken, loopBudgetTaken } from '../support/budget.js';

const pipe = new StrictValidationPipe();
const ROUNDS = 3;
/** As many as an object may have. */
const many = Object.fromEntries(Array.from({ length: 4_990 }, (_none, index) => [`ocuredAt${index}`, index]));

async function refusalOf(metatype: new () => object, value: object): Promise<Invalid> {
  try {
    await pipe.transform(value, { type: 'body', metatype });
  } catch (error) {
    return error as Invalid;
  }
  throw new Error('It was taken.');
}

function refusalOfEvents(body: unknown): Invalid {
  try {
    readEvents(body, JSON.stringify(body));
  } catch (error) {
    return error as Invalid;
  }
  throw new Error('They were taken.');
}

describe('a request with as many unknown fields as it may have', () => {
  it('names a hundred of them, and says of the first ones what they may stand for', async () => {
    const { issues = [] } = await refusalOf(CreateSpace, { nam: 'Acme', ...many, name: 'Acme' });
    expect(issues).toHaveLength(100);
    expect(issues[0]).toEqual({
      path: 'nam',
      code: 'unknown_field',
      message: 'There is no field "nam" here. Remove it.',
    });
    const [first] = (await refusalOf(CreateSpace, { nam: 'Acme', ...many })).issues ?? [];
    expect(first?.message).toBe('There is no field "nam" here. Did you mean "name"?');
  });

  it('is refused in milliseconds', async () => {
    // It took 14 seconds, and nobody needs a key for POST /v1/sign-in/link.
    expect(await loopBudgetTaken(() => refusalOf(CreateSpace, many), ROUNDS)).toBeLessThan(40);
    // It took 40.
    const event = { type: 'lead.create', data: {}, ...many };
    const text = JSON.stringify(event);
    const read = () => {
      try {
        readEvents(event, text);
      } catch (error) {
        return error;
      }
      throw new Error('It was taken.');
    };
    expect(budgetTaken(0, read, ROUNDS)).toBeLessThan(5);
  });
});

it('an array of wrong events is refused with the first hundred problems', () => {
  const { issues = [] } = refusalOfEvents(Array.from({ length: 1_000 }, () => ({ type: '', data: {} })));
  expect(issues.map(({ path }) => path)).toEqual(Array.from({ length: 100 }, (_none, n) => `[${n}].type`));
});

it('a list that must have each entry once is looked through once', async () => {
  const rights = Array.from({ length: 40_000 }, (_none, index) => `right${index}`);
  const twice = await refusalOf(CreatePortalLink, { scope: 'manage', rights: ['edit', 'edit'] });
  expect(twice.issues).toEqual([
    { path: 'rights', code: 'array_unique', message: 'Must have each entry once.' },
  ]);
  // It took most of a second.
  expect(
    await loopBudgetTaken(() => refusalOf(CreatePortalLink, { scope: 'manage', rights }), ROUNDS),
  ).toBeLessThan(150);
});
