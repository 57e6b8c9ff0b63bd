import type { AttemptOutcome } from '../../src/outbound/attempt-outcome.js';
import { Sender, type SenderOptions, type SendRequest } from '../../src/outbound/sender.js';
import { startHttpProxy, startSocksProxy, type EgressProxyServer } from './egress-proxies.js';
import { startNameServer, type NameServer } from './name-server.js';
import { refusedPort, startRawReceiver, startReceiver, type RawReceiver, type Receiver } from './receiver.js';
import { startSilentAddress } from './silent-address.js';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close();
});

/** Each of these is closed when its test is over. */
export function sender(options: Partial<SenderOptions> = {}): Sender {
  return opened(new Sender({ allowTargets: ['127.0.0.1/32'], ...options }));
}

export async function receiver(...args: Parameters<typeof startReceiver>): Promise<Receiver> {
  return opened(await startReceiver(...args));
}

export async function rawReceiver(...args: Parameters<typeof startRawReceiver>): Promise<RawReceiver> {
  return opened(await startRawReceiver(...args));
}

export async function nameServer(...args: Parameters<typeof startNameServer>): Promise<NameServer> {
  return opened(await startNameServer(...args));
}

export async function httpProxy(...args: Parameters<typeof startHttpProxy>): Promise<EgressProxyServer> {
  return opened(await startHttpProxy(...args));
}

export async function socksProxy(...args: Parameters<typeof startSocksProxy>): Promise<EgressProxyServer> {
  return opened(await startSocksProxy(...args));
}

/** `host:port` of an address that takes no connection and refuses none. */
export async function silentAddress(): Promise<string> {
  const port = await refusedPort();
  opened(await startSilentAddress('127.0.0.1', port));
  return `127.0.0.1:${port}`;
}

/** Sends a small request, through a sender of its own unless one is given. */
export function send(
  url: string,
  more: Partial<SendRequest> = {},
  through = sender(),
): Promise<AttemptOutcome> {
  return through.send({
    spaceId: 'space',
    url,
    headers: [],
    body: Buffer.from('{}'),
    timeoutMs: 5_000,
    ...more,
  });
}

function opened<T extends { close(): unknown }>(thing: T): T {
  open.push(thing);
  return thing;
}
