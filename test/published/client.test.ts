import { useStory } from '../support/story.js';
import { blocksOf, Workshop, type Block } from './blocks.js';

const workshop = new Workshop();
const { engine } = useStory();

const blocks = (name: string, language: string): [string, Block][] =>
  blocksOf(name)
    .filter((block) => block.language === language)
    .map((block) => [block.title, block]);

beforeAll(async () => {
  await engine.ok('POST', '/v1/spaces', { name: 'Acme', uid: 'acme' });
});
afterAll(() => {
  workshop.remove();
});

it('what is written in TypeScript compiles against the built package', async () => {
  const files = blocks('client', 'ts').map(([, { code }], n) => workshop.write(`client-${n}.ts`, code));
  await workshop.typeCheck(files);
}, 60_000);

describe('@posthorn/client', () => {
  it.each(blocks('client', 'js'))('%s', async (title, { code }) => {
    const env = { POSTHORN_URL: engine.url, POSTHORN_KEY: engine.adminKey };
    const output = await workshop.node([workshop.write('block.mjs', code)], env);
    if (title.startsWith('Publish')) expect(output).toMatch(/deliveries: 0,\s+duplicate: false/);
    if (title.startsWith('Errors')) expect(output).toMatch(/^422 /);
  });

  it('is the same as CommonJS', async () => {
    const [, { code }] = blocks('client', 'js')[0] as [string, Block];
    const common = code
      .replace(
        "import { createClient } from '@posthorn/client';",
        "const { createClient } = require('@posthorn/client');",
      )
      .replace(/^(?=const posthorn)/m, '(async () => {\n');
    const file = workshop.write('block.cjs', `${common.replace(/id: 'your-own/g, "id: 'another")}\n})();`);
    const env = { POSTHORN_URL: engine.url, POSTHORN_KEY: engine.adminKey };
    expect(await workshop.node([file], env)).toMatch(/duplicate: false/);
  });
});
