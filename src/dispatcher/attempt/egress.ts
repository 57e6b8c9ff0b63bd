import { once } from 'node:events';
import { createServer } from 'node:net';
import { readCaFile } from '../../config/ca-file.js';
import { StartupError } from '../../config/startup-error.js';
import { isOwnReceiver } from '../../config/own-receiver.js';
import type { Settings } from '../../config/settings.js';
import type { EgressOptions } from '../../outbound/egress-route.js';
import type { SenderOptions } from '../../outbound/sender.js';

/** How requests leave this process, by the settings. */
export function senderOptions(settings: Settings): SenderOptions {
  const egress = egressOf(settings);
  return {
    allowTargets: settings.allowTargets,
    isOwn: (url) => isOwnReceiver(settings, url),
    ...(egress && { egress }),
    ...(settings.egressCaFile && { extraCa: readCaFile(settings.egressCaFile) }),
    ...(settings.egressTlsMin === '1.3' && { minVersion: 'TLSv1.3' }),
    sourceAddresses: settings.egressSourceAddress,
  };
}

/** Throws `StartupError` when the addresses that requests are to leave from are not this machine's. */
export async function checkSourceAddresses({ egressSourceAddress }: Settings): Promise<void> {
  for (const address of egressSourceAddress) {
    const server = createServer();
    try {
      server.listen(0, address);
      await once(server, 'listening');
    } catch {
      throw new StartupError(
        `POSTHORN_EGRESS_SOURCE_ADDRESS: ${address} is not an address of this machine. Set one that "ip ` +
          'address" lists.',
      );
    } finally {
      server.close();
    }
  }
}

function egressOf({
  egressProxy,
  egressNoProxy,
  egressAlwaysProxy,
  egressProxyDns,
}: Settings): EgressOptions | null {
  if (egressProxy === null) return null;
  const proxy = egressProxyDns === 'proxy' ? { ...egressProxy, resolvesNames: true } : egressProxy;
  return { proxy, noProxy: egressNoProxy, alwaysProxy: egressAlwaysProxy };
}
