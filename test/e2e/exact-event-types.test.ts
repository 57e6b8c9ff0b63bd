import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { EventsFile } from '../../src/event-types/events-file.js';
import { InstanceTypesService } from '../../src/event-types/instance-types.service.js';
import { NodeProcess } from '../support/node-process.js';
import { useStory } from '../support/story.js';
import type { Problem } from '../support/tenant.js';

const { engine, tenant } = useStory({ workers: 0 });
let folder: string;
let file: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'posthorn-exact-'));
  file = path.join(folder, 'types.yaml');
});
afterAll(() => rmSync(folder, { recursive: true }));

const LONG = '9007199254740993';
const ADVICE = `${LONG} would be rounded to 9007199254740992. Write it as text: "${LONG}".`;

async function refused(to: string, body: string): Promise<(string | undefined)[][]> {
  const { status, body: problem } = await engine.call<Problem>('PUT', to, body);
  expect(status).toBe(422);
  return (problem.errors ?? []).map(({ path: at, code, message }) => [at, code, message]);
}

describe("a number of an event type's definition that would be rounded", () => {
  it.each([
    ['9007199254740993', /^9007199254740993 would be rounded to 9007199254740992\. Write it as text: "90/],
    ['0.10000000000000000001', /would be rounded to 0\.1\. Write it as text/],
    ['-1497549923779084388', /would be rounded to -1497549923779084300\. /],
    [`1${'0'.repeat(100)}1`, /^The number has too many digits\. Write it as text, in quotes\.$/],
  ])('%s is refused, with advice', async (number, message) => {
    const to = tenant.path('/event-types/invoice.paid');
    const [issue] = await refused(to, `{"example":{"id":${number}}}`);
    expect(issue).toEqual(['example.id', 'inexact_number', expect.stringMatching(message)]);
    expect((await engine.call('GET', to)).status).toBe(404);
  });

  it('that is larger than any double is refused as everywhere', async () => {
    const to = tenant.path('/event-types/invoice.paid');
    const message = expect.stringMatching(/too large/);
    expect(await refused(to, '{"example":{"id":1e400}}')).toEqual([
      ['example.id', 'unstorable_number', message],
    ]);
  });

  it('is named wherever it stands: in schemas, examples and versions', async () => {
    const definition =
      `{"schema":{"properties":{"a.b":{"enum":[1,${LONG}]}}},"examples":{"one":{"list":[[${LONG}]]}},` +
      `"versions":{"2":{"schema":{"maximum":${LONG}},"downgrade":[{"set":"x","value":${LONG}}]}}}`;
    const paths = [
      'schema.properties.a.b.enum[1]',
      'examples.one.list[0][0]',
      'versions.2.schema.maximum',
      'versions.2.downgrade[0].value',
    ];
    const all = (prefix = '') => paths.map((place) => [prefix + place, 'inexact_number', ADVICE]);
    expect(await refused(tenant.path('/event-types/invoice.paid'), definition)).toEqual(all());
    expect(await refused('/v1/event-types/invoice.paid', definition)).toEqual(all());
    const many = `{"types":{"invoice.paid":${definition},"ok.type":{}}}`;
    expect(await refused('/v1/event-types', many)).toEqual(all('types["invoice.paid"].'));
    expect((await engine.call('GET', '/v1/event-types/ok.type')).status).toBe(404);
  });

  it('is told twenty times at most', async () => {
    const definition = `{"example":{"list":[${Array(5_000).fill(LONG).join()}]}}`;
    expect(await refused(tenant.path('/event-types/invoice.paid'), definition)).toHaveLength(20);
  });

  it('is refused from files, by the command and at the start of a process', async () => {
    writeFileSync(file, `example: { id: ${LONG} }\n`);
    const env = { POSTHORN_URL: engine.url, POSTHORN_KEY: engine.adminKey, POSTHORN_SPACE: tenant.uid };
    const posthorn = async (...args: string[]) => {
      const run = NodeProcess.run('dist/src/cli/posthorn.js', args, env);
      return [await run.ended, run.stderr];
    };
    const refusal = [1, expect.stringContaining(ADVICE) as string];
    expect(await posthorn('event-types', 'define', 'invoice.paid', '-f', file)).toEqual(refusal);
    writeFileSync(file, `types: { invoice.paid: { schema: { maximum: ${LONG} } } }\n`);
    expect(await posthorn('events', 'sync', file)).toEqual(refusal);
    engine.settings.eventsFile = file;
    const start = engine.apis[0]?.get(EventsFile, { strict: false }).onApplicationBootstrap();
    await expect(start).rejects.toThrow(`${file}: types["invoice.paid"].schema.maximum: ${ADVICE}`);
    engine.settings.eventsFile = '';
  }, 60_000);

  it('is refused from code: a bigint, and what is no number of JSON', async () => {
    const service = engine.apis[0]?.get(InstanceTypesService, { strict: false });
    const types = { 'invoice.paid': { example: { id: BigInt(LONG) }, schema: { maximum: Infinity } } };
    await expect(service?.define({ types })).rejects.toMatchObject({
      issues: [
        { path: 'types["invoice.paid"].example.id', message: ADVICE },
        { path: 'types["invoice.paid"].schema.maximum', message: 'JSON has no Infinity. Leave it out.' },
      ],
    });
  });

  it.each(['9007199254740992', '1e2', '1.0', '0.1', '1e-7', '100000000000000000000', '-0'])(
    '%s is none, and is taken',
    async (number) => {
      const definition = `{"schema":{"properties":{"n":{"maximum":${number}}}},"example":{"n":${number}}}`;
      await engine.ok('PUT', tenant.path('/event-types/invoice.paid'), definition);
    },
  );
});
