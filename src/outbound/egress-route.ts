import type { EgressProxy } from '../core/egress-proxy.js';
import { HostList } from '../lib/host-list.js';

/** How requests leave this network. */
export interface EgressOptions {
  proxy: EgressProxy;
  /** Hosts and addresses that are connected to directly. */
  noProxy?: readonly string[];
  /** Hosts and addresses that are reached through the proxy even if `noProxy` has them. */
  alwaysProxy?: readonly string[];
}

/** Decides which endpoints are reached through the proxy. */
export class EgressRoute {
  private readonly direct: HostList;
  private readonly always: HostList;

  constructor({ noProxy = [], alwaysProxy = [] }: EgressOptions) {
    this.direct = new HostList(noProxy);
    this.always = new HostList(alwaysProxy);
  }

  /**
   * Whether requests to this host go through the proxy. `addresses` are those of its name, or the host itself where it
   * is one; none when the proxy looks the name up, and then the lists' blocks say nothing about it.
   */
  usesProxy(hostname: string, port: number, addresses: readonly string[]): boolean {
    if (this.always.hasHost(hostname, port) || addresses.some((each) => this.always.hasAddress(each)))
      return true;
    if (this.direct.hasHost(hostname, port)) return false;
    return addresses.length === 0 || !addresses.every((each) => this.direct.hasAddress(each));
  }
}
