import { createServer } from 'node:http';
import { SpacesService, SubscriptionsService } from '@posthorn/nestjs';
import { start } from './app.js';

const app = await start();
if (process.env.RECEIVER !== undefined) {
  const space = await app.posthorn.get(SpacesService).create({ name: 'Acme', uid: 'acme' });
  await app.posthorn.get(SubscriptionsService).create(space, { url: process.env.RECEIVER });
}
const server = createServer((request, response) => {
  void (async () => {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const { id, refused } = JSON.parse(text) as { id: string; refused?: boolean };
    try {
      const event = await app.create(id, refused === true);
      response.writeHead(201).end(JSON.stringify({ event }));
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  })();
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  console.log(`listens on http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`);
});
process.once('SIGTERM', () => {
  server.close();
  void app.close();
});
