import { TemplateRunner } from '../../src/bodies/template-runner.js';
import { standStill } from '../support/stall.js';

const message = {
  id: 'evt_1',
  type: 'lead.create',
  timestamp: '2031-05-10T12:00:00Z',
  data: '{"email":"ann@x"}',
};
/** Uses functions of JSONata's own in three ways: called, passed on, and inside others. */
const USUAL = '{"a": $uppercase(data.email), "b": $map([1, 2], $string), "c": $sum([1, 2])}';
const RESULT = '{"a":"ANN@X","b":["1","2"],"c":3}';

describe('a template of one space', () => {
  const runner = new TemplateRunner();
  afterAll(() => runner.close());

  const evaluate = (owner: string, template: string) => runner.run(owner, { template, message });

  it.each([
    ['another function', '($f := function($s) { "mine: " & $s }; $ ~> |$uppercase|$f|)'],
    ['a value', '$ ~> |[$uppercase, $map, $string, $sum]|{"implementation": 1}|'],
    ['nothing', '$ ~> |[$uppercase, $map, $string, $sum]|{}, ["implementation"]|'],
    ['no function', '$ ~> |[$uppercase, $map, $string, $sum]|{}, ["_jsonata_function"]|'],
  ])('makes no function of another space %s', async (_, attack) => {
    expect(await evaluate('mallory', attack)).toMatchObject({ error: expect.any(String) as string });
    expect(await evaluate('acme', USUAL)).toEqual({ text: RESULT });
  });

  it('leaves nothing in functions, also not in its own', async () => {
    const attacks = ['$uppercase', '$f', '$now', '[$f]', '{"a": $f}.a', '$map([$f], function($g) { $g })'];
    for (const pattern of attacks) {
      const template = `($f := function($n) { $n }; data ~> |${pattern}|{"kept": 1}, ["_jsonata_lambda"]|)`;
      expect(await evaluate('mallory', template)).toEqual({ error: 'A template cannot change a function' });
    }
  });

  it('changes copies of data', async () => {
    const template = '($f := $uppercase; data ~> |$|{"email": $f(email), "more": 1}, ["none"]|)';
    expect(await evaluate('acme', template)).toEqual({ text: '{"email":"ANN@X","more":1}' });
  });

  it('uses up no memory of others, however many long ones there are', async () => {
    const sum = (n: number) => `${'a+'.repeat(8_000)}${n}`;
    for (let n = 0; n < 60; n += 1)
      expect(await runner.run('mallory', { template: sum(n), message: null })).toEqual({ text: '' });
  });

  it('has its answer read after this process stalled for longer than it may take', async () => {
    await evaluate('acme', USUAL);
    const answer = evaluate('acme', USUAL);
    // The question is on its way in the next turn; then nothing here goes on for longer than the limit.
    await new Promise((resolve) => setImmediate(resolve));
    standStill(1_200);
    expect(await answer).toEqual({ text: RESULT });
  });
});
