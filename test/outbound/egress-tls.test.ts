import { createServer } from 'node:https';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

import { checkSourceAddresses } from '../../src/dispatcher/attempt/egress.js';
import { Settings } from '../../src/config/settings.js';
import { proxyAt } from '../support/egress-proxies.js';
import { pair, TEST_CA } from '../support/receiver.js';
import { httpProxy, nameServer, receiver, send, sender } from '../support/sending.js';

describe('authorities and versions of TLS', () => {
  it('trusts what the CA file has besides the public authorities', async () => {
    const { port } = await receiver(undefined, 'localhost');
    const url = `https://127.0.0.1:${port}/`;
    expect(await send(url, {}, sender())).toMatchObject({ errorCode: 'tls_error' });
    expect(await send(url, {}, sender({ extraCa: [TEST_CA] }))).toMatchObject({ statusCode: 200 });
  });

  it('refuses an endpoint with older TLS than the operator allows', async () => {
    const server = createServer({ ...pair('localhost'), maxVersion: 'TLSv1.2' }, (_, response) =>
      response.end(),
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const extraCa = [TEST_CA];
    expect(await send(url, {}, sender({ extraCa }))).toMatchObject({ statusCode: 200 });
    const strict = await send(url, {}, sender({ extraCa, minVersion: 'TLSv1.3' }));
    expect(strict).toMatchObject({ errorCode: 'tls_error', statusCode: null });
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
});

describe('the source address', () => {
  it('is where requests leave from, also those to the proxy', async () => {
    const seen: (string | undefined)[] = [];
    const proxy = await httpProxy();
    const { url } = await receiver();
    const sourceAddresses = ['127.0.0.5'];
    const allowTargets = ['127.0.0.0/8'];
    const server = createServer({ ...pair('localhost') }, (request, response) => {
      seen.push(request.socket.remoteAddress);
      response.end();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const secure = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const direct = sender({ sourceAddresses, allowTargets, extraCa: [TEST_CA] });
    expect(await send(secure, {}, direct)).toMatchObject({ statusCode: 200 });
    expect(seen).toEqual(['127.0.0.5']);
    const egress = { proxy: proxyAt(`http://127.0.0.1:${proxy.port}`) };
    await send(url, {}, sender({ sourceAddresses, egress }));
    expect([...proxy.connections].map(({ remoteAddress }) => remoteAddress)).toContain('127.0.0.5');
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  it('leaves out addresses of a family without one, and says so when there is no other', async () => {
    const { port } = await receiver();
    const names = await nameServer((name, family) => {
      if (family === 6) return ['::1'];
      return name === 'both.example' ? ['127.0.0.1'] : [];
    });
    const allowTargets = ['127.0.0.0/8', '::1/128'];
    const options = { allowTargets, nameServers: [names.address], sourceAddresses: ['127.0.0.5'] };
    const through = sender(options);
    expect(await send(`http://both.example:${port}/`, {}, through)).toMatchObject({ statusCode: 200 });
    const six = await send(`http://six.example:${port}/`, {}, through);
    expect(six).toMatchObject({ errorCode: 'connection_refused' });
    expect(six.errorDetail).toContain('POSTHORN_EGRESS_SOURCE_ADDRESS');
  });

  it('must be one of this machine', async () => {
    const at = (egressSourceAddress: string[]) => Object.assign(new Settings(), { egressSourceAddress });
    await checkSourceAddresses(at(['127.0.0.5']));
    await expect(checkSourceAddresses(at(['192.0.2.77']))).rejects.toThrow(
      'is not an address of this machine',
    );
  });
});
