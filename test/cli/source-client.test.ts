import { RequestThrottle, SourceClient } from '../../src/cli/import/source-client.js';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

it('the other system is asked again when the connection breaks in the middle of its answer', async () => {
  let asked = 0;
  const server = createServer((_request, response) => {
    asked += 1;
    if (asked > 2) response.end('{"data": [1]}');
    else if (asked > 1) response.writeHead(503, { 'retry-after': '0' }).end('{}');
    else response.write('{"data": [', () => response.destroy());
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  try {
    const { port } = server.address() as AddressInfo;
    const client = new SourceClient(`http://127.0.0.1:${port}`, 'key', new RequestThrottle(100));
    expect(await client.get('/api/v1/app')).toEqual({ data: [1] });
    expect(asked).toBe(3);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
