// Another product, which Acme and Globex have their webhooks sent to: shows what comes, after verifying it.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createReceiver, nodeHandler } from '@posthorn/receiver';

/** Verifies with the secret of both subscriptions, and prints. */
export async function startReceiver(secret) {
  const receiver = createReceiver({
    secrets: [secret],
    onRejected: ({ code, message }) => console.warn('refused', code, message),
  });
  const receive = nodeHandler(receiver, ({ type, data }) => {
    console.log('webhook', type.padEnd(18), JSON.stringify(data).slice(0, 90));
  });
  const server = createServer((request, response) => {
    receive(request, response).catch((error) => console.error('failed', error));
  });
  // The same port at each start, since the subscription names it.
  server.listen(Number(process.env.RECEIVER_PORT ?? 3001), '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}
