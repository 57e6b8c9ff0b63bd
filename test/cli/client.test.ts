import { startTestReceiver, type Behaviour } from '@posthorn/testing';
import { CliFailure, NoServer } from '../../src/cli/cli-failure.js';
import { Client } from '../../src/cli/client.js';
import { startReceiver } from '../support/receiver.js';

it.each<[string, Behaviour, typeof CliFailure, RegExp]>([
  ['is cut', 'cut', NoServer, /The connection to http:\S+ was lost before the whole response came\./],
  ['is no JSON', { body: '<!doctype html>' }, CliFailure, /is no JSON\. Check that http:\S+ is Posthorn's/],
])('a response that %s is told in one sentence', async (_, behaviour, failure, message) => {
  const server = await startTestReceiver({ behaviour });
  try {
    const sent = new Client(new URL(server.url).origin, 'key').call('GET', '/v1/spaces');
    const error: unknown = await sent.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(failure);
    expect((error as Error).message).toMatch(message);
  } finally {
    await server.close();
  }
});

it.each([301, 302, 303, 307, 308])(
  'a command that changes something follows no %i, and says where to',
  async (status) => {
    const server = await startReceiver(({ method }) =>
      method === 'GET'
        ? { body: '{"data":[]}' }
        : { status, headers: { location: 'https://hooks.example.com/v1/spaces' } },
    );
    try {
      const sent = new Client(new URL(server.url).origin, 'key').call('POST', '/v1/spaces', { name: 'Acme' });
      await expect(sent).rejects.toThrow(/redirects to https:\/\/hooks\.example\.com\/v1\/spaces.*--url/);
      expect(server.requests).toHaveLength(1);
    } finally {
      await server.close();
    }
  },
);
