import { isIP, type BlockList } from 'node:net';
import { compileAllowList, isAllowed } from './ip-address.js';

/** A name with all names below it, a name below which all match (`.example.com`), or `*`; a port may follow. */
const HOST = /^(\*|(?:\*?\.)?[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?)(?::(\d{1,5}))?$/;

interface HostEntry {
  /** Null: every name. */
  name: string | null;
  /** Whether the name itself matches, too. */
  includesSelf: boolean;
  port: number | null;
}

/**
 * A list of hosts as operators write it: `example.com` (with its subdomains), `.example.com` (only these),
 * `example.com:8443`, addresses, CIDR blocks, `*`.
 */
export class HostList {
  private readonly hosts: HostEntry[] = [];
  private readonly blocks: BlockList;
  private readonly hasBlocks: boolean;

  /** Throws an Error for an entry that is none of these. */
  constructor(entries: readonly string[]) {
    const blocks: string[] = [];
    for (const entry of entries) {
      const text = entry.toLowerCase().replace(/^\[(.*)\]$/, '$1');
      if (text.includes('/') || isIP(text) !== 0) blocks.push(text);
      else this.hosts.push(parseHost(text));
    }
    this.blocks = compileAllowList(blocks);
    this.hasBlocks = blocks.length > 0;
  }

  /** Whether the list has this name (or address as text) with this port. */
  hasHost(hostname: string, port: number): boolean {
    const host = hostname.toLowerCase();
    return this.hosts.some((entry) => {
      if (entry.port !== null && entry.port !== port) return false;
      if (entry.name === null) return true;
      return (entry.includesSelf && host === entry.name) || host.endsWith(`.${entry.name}`);
    });
  }

  /** Whether one of the list's blocks has this address. */
  hasAddress(address: string): boolean {
    return this.hasBlocks && isAllowed(address, this.blocks);
  }
}

function parseHost(text: string): HostEntry {
  const [, host, portText] = HOST.exec(text) ?? [];
  const port = portText === undefined ? null : Number(portText);
  if (host === undefined || (port !== null && (port < 1 || port > 65_535)))
    throw new Error(`"${text}" is not a host, address or CIDR block.`);
  if (host === '*') return { name: null, includesSelf: true, port };
  const below = /^\*?\.(.+)$/.exec(host)?.[1];
  return { name: below ?? host, includesSelf: below === undefined, port };
}
