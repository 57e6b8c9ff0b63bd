import { mkdirSync } from 'node:fs';
import { blocksOf, root, Workshop } from './blocks.js';
import { join } from 'node:path';

const workshop = new Workshop();
afterAll(() => {
  workshop.remove();
});

const [emitted = '', delivered = ''] = blocksOf('testing')
  .filter(({ language }) => language === 'js')
  .map(({ code }) => code);
const LEADS = `
export async function createLead(webhooks, { email }) {
  const lead = { id: 'lead-1', email };
  await webhooks.emit({ space: 'acme' }, { type: 'lead.create', data: lead });
  return lead;
}
`;

/** What Babel does of it for Jest without ES modules. */
const asCommonJs = (code: string) =>
  code
    .replace(/^import (\{.*\}) from (.*);$/gm, 'const $1 = require($2);')
    .replace(/^export async function (\w+)/gm, 'exports.$1 = $1;\nasync function $1');

interface Recipe {
  files: Record<string, string>;
  program: string[];
  env?: Record<string, string>;
}

const bin = (...path: string[]) => join(root, 'node_modules', ...path);
const jest = [bin('jest', 'bin', 'jest.js'), '--ci', '--rootDir', '.'];
const RECIPES: [name: string, recipe: Recipe][] = [
  [
    'jest-cjs',
    {
      files: {
        'package.json': '{"type":"commonjs"}',
        'jest.config.js': `module.exports = { transform: {}, setupFilesAfterEnv: ['@posthorn/testing/jest'] };`,
        'leads.js': asCommonJs(LEADS),
        'emitted.test.js': asCommonJs(emitted),
        'delivered.test.js': asCommonJs(delivered),
      },
      program: jest,
    },
  ],
  [
    'jest-esm',
    {
      files: {
        'package.json': '{"type":"module"}',
        'jest.config.js': `export default { transform: {}, setupFilesAfterEnv: ['@posthorn/testing/jest'] };`,
        'leads.js': LEADS,
        'emitted.test.js': emitted,
        'delivered.test.js': delivered,
      },
      program: jest,
      env: { NODE_OPTIONS: '--experimental-vm-modules' },
    },
  ],
  [
    'vitest',
    {
      files: {
        'package.json': '{"type":"module"}',
        'vitest.config.js': `export default { test: { globals: true, setupFiles: ['@posthorn/testing/vitest'] } };`,
        'leads.js': LEADS,
        'emitted.test.js': emitted,
        'delivered.test.js': delivered,
      },
      program: [bin('vitest', 'vitest.mjs'), 'run'],
    },
  ],
];

it.each(RECIPES)(
  'the blocks are tests that pass: %s',
  async (name, { files, program, env }) => {
    mkdirSync(join(workshop.folder, name));
    for (const [file, text] of Object.entries(files)) workshop.write(join(name, file), text);
    // It fails unless all tests passed.
    await workshop.node(program, env, name);
  },
  120_000,
);

it('matchers have types in Jest and in Vitest', async () => {
  const body = `
    const webhooks = recordingEmitter();
    expect(webhooks).toHaveEmitted('lead.create', { id: expect.any(String) });
    expect(webhooks).not.toHaveEmittedTimes(2);
    // @ts-expect-error not of a recorder
    expect(1).toHaveEmitted();`;
  const head = `import { recordingEmitter } from '@posthorn/testing';\n`;
  await workshop.typeCheck(
    [workshop.write('in-jest.ts', `${head}import '@posthorn/testing/jest';${body}`)],
    ['jest'],
  );
  const vitest = `${head}import { expect } from 'vitest';\nimport '@posthorn/testing/vitest';${body}`;
  await workshop.typeCheck([workshop.write('in-vitest.ts', vitest)]);
}, 120_000);
