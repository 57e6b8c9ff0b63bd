import { isOwnReceiver } from '../config/own-receiver.js';
import type { Settings } from '../config/settings.js';
import type { EgressOptions } from '../outbound/egress-route.js';
import type { SenderOptions } from '../outbound/sender.js';

/** How requests leave this process, by the settings. */
export function senderOptions(settings: Settings): SenderOptions {
  const egress = egressOf(settings);
  return {
    allowTargets: settings.allowTargets,
    isOwn: (url) => isOwnReceiver(settings, url),
    ...(egress && { egress }),
  };
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
