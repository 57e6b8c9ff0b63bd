import { parseEgressProxy } from '../core/egress-proxy.js';
import { CA_FILE_RULE, isCidr, isHostEntry, PROXY_RULE, SOURCE_ADDRESS_RULE } from './setting-rules.js';
import { choice, flag, list, commaSeparated, text, type Setting } from './setting.js';

/** Which endpoints may be reached, and how requests to them leave the network. */
export const EGRESS_SETTINGS = {
  allowHttp: flag({
    variable: 'POSTHORN_ALLOW_HTTP',
    inModule: true,
    doc: 'Whether subscriptions may use `http://` besides `https://`.',
  }),
  allowTargets: list(isCidr, 'a list of CIDR blocks, e.g. 10.0.0.0/8,fd00::/8', {
    variable: 'POSTHORN_ALLOW_TARGETS',
    inModule: true,
    doc: 'Private address blocks that endpoints may be in, e.g. `10.0.0.0/8,fd00::/8`.',
  }),
  egressProxy: {
    variable: 'POSTHORN_EGRESS_PROXY',
    default: null,
    defaultNote: 'none',
    rule: PROXY_RULE,
    parse: parseEgressProxy,
    isSecret: true,
    inModule: true,
    doc:
      'A proxy through which all requests to endpoints leave: `http://user:password@host:3128`, ' +
      '`https://`, `socks5://` or `socks5h://`. See [docs/deploy.md](docs/deploy.md#company-networks).',
    more: [
      'Posthorn looks names up and checks the addresses itself, and asks the proxy for the address; with socks5h the',
      'proxy looks names up.',
    ],
  },
  egressNoProxy: list(isHostEntry, 'a list of hosts, addresses and CIDR blocks, e.g. .internal,10.0.0.0/8', {
    variable: 'POSTHORN_EGRESS_NO_PROXY',
    inModule: true,
    doc:
      'Endpoints that are reached without the egress proxy: `example.com` with its subdomains, ' +
      '`.example.com` for these only, addresses, CIDR blocks, `*`; a port may follow a name.',
  }),
  egressAlwaysProxy: list(isHostEntry, 'a list of hosts, addresses and CIDR blocks, e.g. example.com', {
    variable: 'POSTHORN_EGRESS_ALWAYS_PROXY',
    inModule: true,
    doc:
      'Endpoints that are reached through the egress proxy even if `POSTHORN_EGRESS_NO_PROXY` has them, ' +
      "since their firewalls admit only the proxy's static address; in the same form.",
  }),
  egressProxyDns: choice(['local', 'proxy'], {
    variable: 'POSTHORN_EGRESS_PROXY_DNS',
    default: 'local',
    inModule: true,
    doc:
      'Who looks up the names of endpoints behind the egress proxy: Posthorn (`local`), or the `proxy`, ' +
      'for networks without a public DNS or proxies with rules by name. Then only the proxy can keep ' +
      'private addresses out.',
  }),
  egressCaFile: text({
    variable: 'POSTHORN_EGRESS_CA_FILE',
    rule: CA_FILE_RULE,
    inModule: true,
    doc:
      'A PEM file of certificates of authorities to trust besides the public ones, for endpoints and ' +
      'the egress proxy, e.g. `/etc/ssl/certs/company-ca.pem`.',
  }),
  egressSourceAddress: {
    variable: 'POSTHORN_EGRESS_SOURCE_ADDRESS',
    default: [] as string[],
    rule: SOURCE_ADDRESS_RULE,
    parse: commaSeparated,
    inModule: true,
    doc:
      'The address of this machine that requests to endpoints leave from: one, or one of each family. ' +
      'Endpoints without an address of these families are not reached.',
  },
  egressTlsMin: choice(['1.2', '1.3'], {
    variable: 'POSTHORN_EGRESS_TLS_MIN',
    default: '1.2',
    inModule: true,
    doc: 'The oldest version of TLS that endpoints may speak: `1.2` or `1.3`.',
  }),
} satisfies Record<string, Setting<unknown>>;
