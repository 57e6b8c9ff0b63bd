import {
  conditionProblem,
  conditionsOf,
  filterOf,
  type Condition,
} from '../../web/src/subscriptions/filter-draft.js';
import { keepNumbers, writeNumbers } from '../../web/src/text/exact-numbers.js';

const parse = (json: string) => JSON.parse(keepNumbers(json)) as Record<string, unknown>;

it.each([
  '{"status":"won","count":3,"long":9007199254740993,"text":"3","none":null,"empty":""}',
  '{"country":{"in":["FR","BE, north",1,"1",true,"true",""]}}',
  '{"country":{"not":{"in":["FR","BE"]}},"city":{"not":"Paris"}}',
  '{"score":{"gt":1,"lte":9007199254740993},"email":{"exists":true},"phone":{"exists":false}}',
  '{"email":{"prefix":"ada"},"code":{"suffix":"42"},"id":{"prefix":"9007199254740993","suffix":" x "}}',
  '{"email":{"not":{"prefix":"test-"}},"host":{"not":{"suffix":".example"}}}',
  '{"$or":[{"country":"FR"},{"score":{"gte":9007199254740993},"$or":[{"a":1},{"b":{"not":"c"}}]}],"status":"won"}',
])('%s is the same filter again after it was in the form', (json) => {
  const conditions = conditionsOf(parse(json));
  expect(conditionProblem(conditions)).toBeNull();
  const again = writeNumbers(filterOf(conditions));
  const sorted = (text: string) =>
    Object.entries(parse(text)).sort(([one], [other]) => (one < other ? -1 : 1));
  expect(sorted(again)).toEqual(sorted(json));
});

const at = (path: string, operator: Condition['operator'], value = ''): Condition => ({
  path,
  operator,
  value,
});

it.each([
  [[at('a', 'not', 'x'), at('a', 'not', 'y')], /^Two conditions on “a”/],
  [[at('a', 'is', 'x'), at(' a ', 'in', 'y, z')], /^Two conditions on “a”/],
  [[at('a', 'exists'), at('a', 'missing')], /^Two conditions on “a”/],
  [[at('a', 'notPrefix', 'x'), at('a', 'notIn', 'y')], /^Two conditions on “a”/],
  [[at('', 'is', 'x')], /^Write the path/],
  [[at('$or', 'or', '[{"a":1}')], /not a list in JSON/],
  [[at('$or', 'or', '{"a":1}')], /not a list in JSON/],
])('rows of which one would be lost are told: %j', (conditions, problem) => {
  expect(conditionProblem(conditions)).toMatch(problem);
});

it('several tests of one path come together', () => {
  const conditions = [at('a', 'gt', '1'), at('a', 'lt', '5'), at('a', 'is', '3'), at('b', 'prefix', '12')];
  expect(conditionProblem(conditions)).toBeNull();
  expect(filterOf(conditions)).toEqual({ a: { gt: 1, lt: 5, in: [3] }, b: { prefix: '12' } });
});
