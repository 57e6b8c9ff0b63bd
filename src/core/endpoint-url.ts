import { BlockList, isIP } from 'node:net';
import { addressClass, compileAllowList, isAllowed, isConnectable } from '../lib/ip-address.js';
import type { Issue } from './errors.js';

export interface UrlRules {
  /** Whether http:// is allowed besides https://. */
  allowHttp: boolean;
  /** The operator's own networks, compiled or as CIDR blocks. */
  allowTargets: BlockList | readonly string[];
}

const MAX_LENGTH = 2048;

/** Control characters, white space, invisible characters, and the backslash, which some parsers take for a slash. */
const FORBIDDEN_CHARACTERS = /[\p{Cc}\p{Cf}\p{Z}\\]/u;

/**
 * Names that only have a meaning inside a network: RFC 6761, RFC 6762, RFC 8375, and common names of LANs and clouds.
 */
const INTERNAL_SUFFIXES =
  /(?:^|\.)(?:internal|intranet|private|local|localdomain|lan|home|corp|home\.arpa|onion)$/;

const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;

/**
 * Ports of services that never take webhooks but may take commands: a POST to one is an attack or a mistake. Not a
 * list of allowed ports, because receivers use 8443, 3000 and many others.
 */
const CONTROL_PORTS = new Set([
  // Port 0 and the oldest services.
  ...[0, 1, 7, 9, 11, 13, 15, 17, 19, 37, 42, 43, 79, 113],
  // Files, shells, consoles and desktops.
  ...[
    20, 21, 22, 23, 69, 139, 445, 512, 513, 514, 515, 548, 631, 873, 989, 990, 2049, 3389, 5900, 5985, 5986,
  ],
  // Mail, news and chat.
  ...[25, 109, 110, 119, 143, 465, 563, 587, 993, 995, 4190, 5060, 5061, 6667, 6697],
  // Names, directories, time and management.
  ...[53, 111, 123, 135, 137, 138, 161, 179, 389, 636, 1723, 3268, 3269],
  // Databases, caches and search.
  ...[1433, 1521, 3306, 5432, 5433, 5984, 6379, 6380, 9042, 9160, 9200, 9300, 11211, 26257, 26379],
  ...[27017, 27018, 27019, 50070],
  // Brokers.
  ...[1883, 4369, 5671, 5672, 8883, 9092, 15672, 25672, 61613, 61616],
  // Control planes of containers and clusters, and proxies that would forward a request.
  ...[1080, 2181, 2375, 2376, 2377, 2379, 2380, 3128, 4646, 6443, 8500, 10250, 10255, 10257, 10259],
]);

/**
 * What is wrong with an endpoint's URL; empty when nothing is. The addresses of a name are checked on each
 * connection.
 */
export function checkEndpointUrl(text: string, rules: UrlRules): Issue[] {
  if (text.length > MAX_LENGTH) return [issue('url_too_long', `Use at most ${MAX_LENGTH} characters.`)];
  if (FORBIDDEN_CHARACTERS.test(text)) {
    return [
      issue('invalid_url', 'Remove spaces, control characters and backslashes, or percent-encode them.'),
    ];
  }
  const authority = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]+)/i.exec(text)?.[1];
  if (authority === undefined || !URL.canParse(text)) {
    return [issue('invalid_url', 'Use a complete URL, like https://example.com/webhooks.')];
  }
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return [issue('invalid_scheme', 'Use https://.')];
  const allow =
    rules.allowTargets instanceof BlockList ? rules.allowTargets : compileAllowList(rules.allowTargets);
  const issues: Issue[] = [];
  if (url.protocol === 'http:' && !rules.allowHttp) issues.push(issue('invalid_scheme', 'Use https://.'));
  if (authority.includes('@')) {
    issues.push(issue('invalid_url', 'Remove the user name and password. Use a header for credentials.'));
  }
  if (text.includes('#')) issues.push(issue('invalid_url', 'Remove the fragment (#…): it is never sent.'));
  const rawHost = authority.slice(authority.lastIndexOf('@') + 1).replace(/:\d*$/, '');
  const hostIssue = checkHost(url.hostname, rawHost.toLowerCase(), allow);
  if (hostIssue !== null) issues.push(hostIssue);
  else if (url.port === '0') issues.push(issue('invalid_url', 'Use a port from 1 to 65535, or none.'));
  else if (CONTROL_PORTS.has(Number(url.port || 443)) && !isOperatorsOwn(url.hostname, allow)) {
    issues.push(issue('blocked_port', 'This port is not allowed. Use 443 or another port of a web server.'));
  }
  return issues;
}

function checkHost(host: string, rawHost: string, allow: BlockList): Issue | null {
  const ip = host.replace(/^\[|\]$/g, '');
  if (isIP(ip) !== 0) {
    // 2130706433, 0x7f.1 and full-width digits all mean 127.0.0.1: only the plain form is accepted.
    if (rawHost !== host)
      return issue('invalid_url', 'Write the IP address in its plain form, like 192.0.2.1.');
    return isConnectable(ip, allow) ? null : BLOCKED;
  }
  if (rawHost.includes('%')) return issue('invalid_url', 'Write the host name without percent-encoding.');
  if (host.endsWith('.')) return issue('invalid_url', 'Remove the dot at the end of the host name.');
  if (host.length > 253 || !host.split('.').every((label) => LABEL.test(label))) {
    return issue('invalid_url', 'Use a host name of letters, digits and dashes.');
  }
  if (isLocalhost(host)) return mayUseLocalhost(allow) ? null : BLOCKED;
  if (host.includes('.') && !INTERNAL_SUFFIXES.test(host)) return null;
  return opensInternalNetwork(allow) ? null : BLOCKED;
}

/** The same message for every refused address, so that it tells nothing about our network. */
const BLOCKED = issue(
  'blocked_address',
  'Use a public host name or address. For a private one, the operator adds its CIDR to POSTHORN_ALLOW_TARGETS.',
);

function isLocalhost(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost');
}

function mayUseLocalhost(allow: BlockList): boolean {
  return isAllowed('127.0.0.1', allow);
}

/** Whether the host can be reached only through an allowed network. Then its ports are the operator's decision. */
function isOperatorsOwn(host: string, allow: BlockList): boolean {
  const ip = host.replace(/^\[|\]$/g, '');
  if (isIP(ip) !== 0) return isAllowed(ip, allow);
  return isLocalhost(host) || !host.includes('.') || INTERNAL_SUFFIXES.test(host);
}

/**
 * Whether the operator allowed a network besides loopback. Then a name like `receiver` or `svc.cluster.local` may be
 * right; whether its address is in that network is checked on each connection.
 */
function opensInternalNetwork(allow: BlockList): boolean {
  return allow.rules.some((rule) => {
    const network = /IPv[46] ([0-9a-f.:]+)/i.exec(rule)?.[1];
    if (network === undefined) return false;
    const kind = addressClass(network);
    return kind !== 'loopback' && kind !== 'public';
  });
}

function issue(code: string, message: string): Issue {
  return { path: 'url', code, message };
}
