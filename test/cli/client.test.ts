import { Client } from '../../src/cli/client.js';
import { startReceiver } from '../support/receiver.js';

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
