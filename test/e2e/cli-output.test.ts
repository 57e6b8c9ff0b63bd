import { startTestReceiver } from '@posthorn/testing';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

/** Runs the command with its output going to `stdout`. */
async function run(args: string[], stdout: 'ignore' | number): Promise<{ code: number; said: string }> {
  const posthorn = spawn(process.execPath, ['dist/src/cli/posthorn.js', ...args], {
    env: { PATH: process.env.PATH, POSTHORN_KEY: 'key', NODE_OPTIONS: '' },
    stdio: ['ignore', stdout, 'pipe'],
  });
  const ended = once(posthorn, 'close') as Promise<[number]>;
  const said = await text(posthorn.stderr as Readable);
  return { code: (await ended)[0], said };
}

it('a command whose output cannot be written ends with 1 and says so', async () => {
  const server = await startTestReceiver({ behaviour: { body: '{"data":[],"nextCursor":null}' } });
  const full = await open('/dev/full', 'w');
  try {
    const { code, said } = await run(['--url', new URL(server.url).origin, 'spaces', 'list'], full.fd);
    expect(said).toMatch(/The output cannot be written: .*ENOSPC.*\. It is incomplete\./);
    expect(code).toBe(1);
  } finally {
    await full.close();
    await server.close();
  }
});

it('an argument of a wrong form is told in one line', async () => {
  const { code, said } = await run(['jobs', 'pace', 'job_1', 'fast'], 'ignore');
  expect(code).toBe(1);
  expect(said).toContain('Give a whole number.');
  expect(said).not.toContain('    at ');
});

it('`archive run --wait` ends when a day fails, also while another one succeeds at last', async () => {
  const day = (name: string, state: string, failures: number) => ({
    ...{ day: name, state, failures, passes: 0, archivedUntil: null, nextTryAt: null },
  });
  const archive = (...days: object[]) => ({
    body: JSON.stringify({ url: 's3://archive', afterDays: 1, required: true, waiting: 1, days }),
  });
  const server = await startTestReceiver();
  server.answerInTurn(
    archive(day('2031-05-10', 'failed', 3), day('2031-05-11', 'waiting', 0)),
    archive(day('2031-05-10', 'archived', 0), day('2031-05-11', 'failed', 1)),
  );
  try {
    const url = new URL(server.url).origin;
    expect(await run(['--url', url, 'archive', 'run', '--wait'], 'ignore')).toEqual({
      code: 1,
      said: 'Not archived: 2031-05-11. The log of the server says why (archive.failed).\n',
    });
  } finally {
    await server.close();
  }
});
