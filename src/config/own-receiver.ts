import { isIPv6 } from 'node:net';
import type { Settings } from './settings.js';

/** The path of every test receiver, before its id. */
export const RECEIVER_PATH = '/test-receiver/';

type Address = Pick<Settings, 'publicUrl' | 'host' | 'port' | 'testReceiver'>;

const EVERY_INTERFACE: Record<string, string> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/**
 * Where this installation's test receivers are, up to their id: below `publicUrl`, else on this machine. From settings
 * alone, never from a request: what it names may be called although it is private.
 */
export function receiverBase({ publicUrl, host, port }: Address): string {
  if (publicUrl !== '') return publicUrl + RECEIVER_PATH;
  const own = EVERY_INTERFACE[host] ?? host;
  return `http://${isIPv6(own) ? `[${own}]` : own}:${port}${RECEIVER_PATH}`;
}

const ID = /^rcv_[0-9a-f]{32}$/;

/** Whether a URL is exactly that of a test receiver of this installation; false while there are none by setting. */
export function isOwnReceiver(settings: Address, url: string): boolean {
  if (!settings.testReceiver) return false;
  const base = receiverBase(settings);
  return url.startsWith(base) && ID.test(url.slice(base.length));
}
