import { BlockList, isIP } from 'node:net';

/** What kind of place an IP address is, as IANA's special-purpose registries say. Only `public` is the open internet. */
export type AddressClass =
  | 'public'
  | 'loopback'
  | 'private'
  | 'link_local'
  | 'cgnat'
  | 'metadata'
  | 'multicast'
  | 'documentation'
  | 'translation'
  | 'reserved';

/** What is shut whatever the operator allows. */
const NEVER_OPENED: readonly AddressClass[] = ['metadata', 'link_local'];

/** Narrow blocks first: the first list that holds the address names it. What no list holds is public. */
const IPV4: [AddressClass, BlockList][] = [
  // AWS, Azure and most others; Azure's wire server; Alibaba; Oracle.
  ['metadata', ipv4('169.254.169.254/32', '168.63.129.16/32', '100.100.100.200/32', '192.0.0.192/32')],
  ['loopback', ipv4('127.0.0.0/8')],
  ['private', ipv4('10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16')],
  ['link_local', ipv4('169.254.0.0/16')],
  ['cgnat', ipv4('100.64.0.0/10')],
  ['documentation', ipv4('192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24')],
  ['translation', ipv4('192.88.99.0/24')],
  ['multicast', ipv4('224.0.0.0/4')],
  // "This network", protocol assignments, AS112, AMT, benchmarks, class E with the broadcast address.
  ['reserved', ipv4('0.0.0.0/8', '192.0.0.0/24', '192.31.196.0/24', '192.52.193.0/24')],
  ['reserved', ipv4('192.175.48.0/24', '198.18.0.0/15', '240.0.0.0/4')],
];

const IPV6: [AddressClass, BlockList][] = [
  // AWS and Google Cloud.
  ['metadata', ipv6('fd00:ec2::254/128', 'fd20:ce::254/128')],
  ['loopback', ipv6('::1/128')],
  ['private', ipv6('fc00::/7', 'fec0::/10')],
  ['link_local', ipv6('fe80::/10')],
  ['multicast', ipv6('ff00::/8')],
  ['documentation', ipv6('2001:db8::/32', '3fff::/20')],
  // NAT64 and 6to4. Teredo lies in 2001::/23.
  ['translation', ipv6('64:ff9b::/96', '64:ff9b:1::/48', '2002::/16')],
  ['reserved', ipv6('2001::/23', '2620:4f:8000::/48')],
  // Everything outside 2000::/3 is no global unicast: ::, IPv4-compatible, 100::/64, 5f00::/16, and the unassigned.
  ['reserved', ipv6('::/3', '4000::/2', '8000::/1')],
];

/** The octets of an IPv6 address that hold the IPv4 address of a translator whose prefix has so many bits (RFC 6052). */
const AT_48 = [6, 7, 9, 10];
const AT_56 = [7, 9, 10, 11];
const AT_64 = [9, 10, 11, 12];
const AT_96 = [12, 13, 14, 15];

/** Where IPv4 addresses may hide inside IPv6 ones: the first 16-bit groups, and the octets of each. */
const EMBEDDED: { prefix: number[]; octets: number[][] }[] = [
  { prefix: [0x64, 0xff9b, 0, 0, 0, 0], octets: [AT_96] },
  // Local networks divide this one as they like (RFC 8215).
  { prefix: [0x64, 0xff9b, 1], octets: [AT_48, AT_56, AT_64, AT_96] },
  { prefix: [0x2002], octets: [[2, 3, 4, 5]] },
];

/** The kind of place an address is. An IPv4 address mapped into IPv6 counts as itself; what is no address is `reserved`. */
export function addressClass(ip: string): AddressClass {
  const { address, family } = normalizedAddress(ip);
  if (family === 0) return 'reserved';
  if (family === 4) return classFrom(IPV4, address, 'ipv4');
  const outer = classFrom(IPV6, address, 'ipv6');
  if (outer !== 'translation') return outer;
  // A translator leads to the address inside, so one that nobody may open stays shut even where NAT64 is allowed.
  const inner = embeddedIpv4(groupsOf(address)).map((ipv4Address) => classFrom(IPV4, ipv4Address, 'ipv4'));
  return NEVER_OPENED.find((kind) => inner.includes(kind)) ?? outer;
}

/**
 * Whether a socket to this address may be opened: it is public, or the operator allowed its network. The addresses
 * that hand out a cloud machine's credentials, and all link-local ones, are never opened, whatever is allowed.
 */
export function isConnectable(ip: string, allow: BlockList): boolean {
  const kind = addressClass(ip);
  if (kind === 'public') return true;
  if (NEVER_OPENED.includes(kind)) return false;
  return isAllowed(ip, allow);
}

/** Whether the operator's list names this address, public or not. */
export function isAllowed(ip: string, allow: BlockList): boolean {
  const { address, family } = normalizedAddress(ip);
  return family !== 0 && allow.check(address, family === 4 ? 'ipv4' : 'ipv6');
}

/** `10.0.0.0/8`, `fd00::/8`, or a single address. Throws an Error that names the entry which is none of them. */
export function compileAllowList(cidrs: readonly string[]): BlockList {
  const list = new BlockList();
  for (const cidr of cidrs) addBlock(list, cidr);
  return list;
}

function addBlock(list: BlockList, cidr: string): void {
  const [network = '', bits] = cidr.split('/', 2);
  const family = isIP(network);
  const widest = family === 4 ? 32 : 128;
  const prefix = bits === undefined ? widest : /^\d{1,3}$/.test(bits) ? Number(bits) : -1;
  if (family === 0 || network.includes('%') || prefix < 0 || prefix > widest || cidr.split('/').length > 2) {
    throw new Error(`"${cidr}" is no CIDR block. Use a form like 10.0.0.0/8 or fd00::/8.`);
  }
  list.addSubnet(network, prefix, family === 4 ? 'ipv4' : 'ipv6');
}

function ipv4(...cidrs: string[]): BlockList {
  return compileAllowList(cidrs);
}

function ipv6(...cidrs: string[]): BlockList {
  return compileAllowList(cidrs);
}

function classFrom(table: [AddressClass, BlockList][], ip: string, family: 'ipv4' | 'ipv6'): AddressClass {
  return table.find(([, list]) => list.check(ip, family))?.[0] ?? 'public';
}

/** Without a zone, and out of its IPv6 wrapping (::ffff:0:0/96) when it is an IPv4 address. */
function normalizedAddress(ip: string): { address: string; family: number } {
  const address = ip.split('%', 1)[0] ?? '';
  const family = isIP(address);
  if (family !== 6) return { address, family };
  const groups = groupsOf(address);
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  return isMapped ? { address: ipv4At(groups, AT_96), family: 4 } : { address, family };
}

/** Each address that a translator may take out of this one. */
function embeddedIpv4(groups: number[]): string[] {
  const found = EMBEDDED.find(({ prefix }) => prefix.every((group, index) => groups[index] === group));
  return found?.octets.map((octets) => ipv4At(groups, octets)) ?? [];
}

function ipv4At(groups: number[], octets: number[]): string {
  return octets.map((at) => ((groups[at >> 1] ?? 0) >> (at % 2 === 0 ? 8 : 0)) & 255).join('.');
}

/** The eight 16-bit groups of a valid IPv6 address. The URL parser writes a dotted tail as groups for us. */
function groupsOf(ipv6Address: string): number[] {
  const text = new URL(`http://[${ipv6Address}]`).hostname.slice(1, -1);
  const [head = '', tail] = text.split('::');
  const first = head === '' ? [] : head.split(':');
  const last = tail === undefined || tail === '' ? [] : tail.split(':');
  const gap = tail === undefined ? 0 : 8 - first.length - last.length;
  return [...first, ...Array<string>(gap).fill('0'), ...last].map((group) => parseInt(group, 16));
}
