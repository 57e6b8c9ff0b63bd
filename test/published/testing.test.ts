import { mkdirSync } from 'node:fs';
import { blocksOf, root, Workshop } from './blocks.js';
import { join } from 'node:path';

const workshop = new Workshop();
afterAll(() => {
  workshop.remove();
});

const scripts = blocksOf('testing').filter(({ language }) => language === 'js');
const [emitted = '', delivered = ''] = scripts
  .map(({ code }) => code)
  .filter((code) => code.startsWith('import'));
/** The recipe of a runner: its configuration, as the README has it. */
function recipe(file: string): Record<string, string> {
  const found = scripts.find(({ code }) => code.startsWith(`// ${file}\n`));
  if (!found) throw new Error(`The README has no ${file}.`);
  return { [file]: found.code };
}

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
const jest = [bin('jest', 'bin', 'jest.js'), '--ci'];
const RECIPES: [name: string, recipe: Recipe][] = [
  [
    'jest-cjs',
    {
      files: {
        'package.json': '{"type":"commonjs"}',
        ...recipe('jest.config.cjs'),
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
        ...recipe('jest.config.mjs'),
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
        ...recipe('vitest.config.mjs'),
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
