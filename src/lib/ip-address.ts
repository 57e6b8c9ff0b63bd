import { BlockList, isIP, isIPv4 } from 'node:net';
import ipaddr from 'ipaddr.js';

/**
 * What kind of address an IP address is, by IANA's special-purpose registries. Only `public` is the open internet.
 */
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

/** Never opened, whatever the operator allows. */
const NEVER_OPENED: readonly AddressClass[] = ['metadata', 'link_local'];

/** Narrow blocks first: the first list that contains the address decides. An address in no list is public. */
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
  // Everything outside 2000::/3 is not global unicast: ::, IPv4-compatible, 100::/64, 5f00::/16, and the unassigned.
  ['reserved', ipv6('::/3', '4000::/2', '8000::/1')],
];

/**
 * Which octets of an IPv6 address hold the IPv4 address, by the length of the translator's prefix in bits (RFC 6052).
 */
const AT_48 = [6, 7, 9, 10];
const AT_56 = [7, 9, 10, 11];
const AT_64 = [9, 10, 11, 12];
const AT_96 = [12, 13, 14, 15];

/** IPv6 prefixes that contain IPv4 addresses: their first octets, and the octets of each IPv4 address. */
const EMBEDDED: { prefix: number[]; octets: number[][] }[] = [
  { prefix: [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0], octets: [AT_96] },
  // Local networks choose the length of this prefix themselves (RFC 8215).
  { prefix: [0, 0x64, 0xff, 0x9b, 0, 1], octets: [AT_48, AT_56, AT_64, AT_96] },
  { prefix: [0x20, 0x02], octets: [[2, 3, 4, 5]] },
];

/**
 * The class of an address. An IPv4 address mapped into IPv6 has its own class; text that is no address is `reserved`.
 */
export function addressClass(ip: string): AddressClass {
  const parsed = parse(ip);
  if (parsed === null) return 'reserved';
  if (parsed.kind() === 'ipv4') return classFrom(IPV4, parsed.toString(), 'ipv4');
  const outer = classFrom(IPV6, parsed.toString(), 'ipv6');
  if (outer !== 'translation') return outer;
  // A translator connects to the address inside, so a forbidden one stays forbidden even where NAT64 is allowed.
  const inner = embeddedIpv4(parsed.toByteArray()).map((address) => classFrom(IPV4, address, 'ipv4'));
  return NEVER_OPENED.find((kind) => inner.includes(kind)) ?? outer;
}

/**
 * Whether a socket to this address may be opened: it is public, or the operator allowed its network. Link-local
 * addresses and those that give out a cloud machine's credentials are never opened, whatever is allowed.
 */
export function isConnectable(ip: string, allow: BlockList): boolean {
  const kind = addressClass(ip);
  if (kind === 'public') return true;
  if (NEVER_OPENED.includes(kind)) return false;
  return isAllowed(ip, allow);
}

/** Whether the operator's list contains this address, public or not. */
export function isAllowed(ip: string, allow: BlockList): boolean {
  const parsed = parse(ip);
  return parsed !== null && allow.check(parsed.toString(), parsed.kind());
}

/** `192.0.2.1:4711` and `[2001:db8::1]:4711`, or without the port. */
const WITH_PORT = /^(?:([\d.]+):\d+|\[([^\]]+)\](?::\d+)?)$/;

/**
 * The network that counts as one caller: an IPv4 address, or the /64 of an IPv6 address, since whoever has one
 * address of it has all. Some proxies send a port with it. All text that is no address counts as one.
 */
export function networkOf(ip: string): string {
  // The usual case, on every request.
  if (isIPv4(ip)) return ip;
  const parsed = parse(WITH_PORT.exec(ip)?.slice(1).join('') ?? ip);
  if (parsed === null) return 'unknown';
  if (parsed.kind() === 'ipv4') return parsed.toString();
  return parsed.toNormalizedString().split(':', 4).join(':');
}

/**
 * Compiles blocks such as `10.0.0.0/8` or `fd00::/8`, and single addresses. Throws an Error that names a wrong entry.
 */
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
    throw new Error(`"${cidr}" is not a CIDR block. Use a form such as 10.0.0.0/8 or fd00::/8.`);
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

/**
 * Null for text that is no address. Node decides, since ipaddr.js also accepts octal, hexadecimal and short forms.
 * Drops the zone, and unwraps an IPv4 address mapped into IPv6 (::ffff:0:0/96).
 */
function parse(ip: string): ipaddr.IPv4 | ipaddr.IPv6 | null {
  const [address = ''] = ip.split('%', 1);
  const family = isIP(address);
  if (family === 0) return null;
  return ipaddr.process(family === 4 ? address : withoutDots(address));
}

/** Writes a dotted tail as two groups, since ipaddr.js takes ::8.8.8.8 for ::ffff:8.8.8.8. */
function withoutDots(ipv6Address: string): string {
  const tail = /[^:]*[.][^:]*$/.exec(ipv6Address);
  if (tail === null) return ipv6Address;
  const [a = 0, b = 0, c = 0, d = 0] = tail[0].split('.').map(Number);
  return `${ipv6Address.slice(0, tail.index)}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
}

/** The IPv4 addresses that a translator may take from this one. */
function embeddedIpv4(bytes: number[]): string[] {
  const found = EMBEDDED.find(({ prefix }) => prefix.every((byte, index) => bytes[index] === byte));
  return found?.octets.map((octets) => octets.map((at) => bytes[at]).join('.')) ?? [];
}

/** The 16 bytes of an IPv6 address. */
export function ipv6Bytes(ip: string): number[] {
  return ipaddr.IPv6.parse(withoutDots(ip.split('%', 1)[0] ?? '')).toByteArray();
}
