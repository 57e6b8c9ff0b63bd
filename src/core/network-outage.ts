/** An endpoint's host that has responded, as one space knows it. */
export interface KnownHost {
  spaceId: string;
  /** Its origin, which several endpoints may share. */
  origin: string;
  /** When it last responded, monotonic milliseconds. */
  answeredAt: number;
}

/** The result of checking a host. */
export interface HostCheck {
  spaceId: string;
  reached: boolean;
  /** Its name, with which it may be one of a pair. */
  hostname?: string;
}

/** With fewer hosts, a lost network looks the same as hosts that are down. */
const MIN_HOSTS = 3;
/** So long the only two hosts are believed, if they have different names, milliseconds: both may be down after all. */
const PAIR_MS = 300_000;
/** The fraction of hosts, and of spaces, that must be unreachable. */
const OUTAGE_SHARE = 3 / 4;

/** Between two checks during an outage, milliseconds; it grows. */
const FIRST_REST_MS = 500;
const LONGEST_REST_MS = 5_000;

/** How long to wait before the next check of an outage, milliseconds. `before`: the wait before the last one. */
export function restBeforeCheck(before?: number): number {
  return before === undefined ? FIRST_REST_MS : Math.min(before * 1.5, LONGEST_REST_MS);
}

/**
 * Which hosts to check: first each space's host that responded last, then each space's next one. So no space
 * contributes more than its share of the evidence. A host that several spaces have counts once.
 */
export function sampleHosts<Host extends KnownHost>(hosts: Iterable<Host>, size: number): Host[] {
  const bySpace = new Map<string, Host[]>();
  const origins = new Set<string>();
  for (const host of [...hosts].sort((a, b) => b.answeredAt - a.answeredAt)) {
    if (origins.has(host.origin)) continue;
    origins.add(host.origin);
    const own = bySpace.get(host.spaceId);
    if (own) own.push(host);
    else bySpace.set(host.spaceId, [host]);
  }
  const sample: Host[] = [];
  for (let round = 0; sample.length < size && sample.length < origins.size; round += 1) {
    for (const own of bySpace.values()) {
      const host = own[round];
      if (host && sample.length < size) sample.push(host);
    }
  }
  return sample;
}

/**
 * Whether so many hosts are known that a lost network can be told from hosts that are down. Looks at no more of them
 * than it needs: this is asked at each failure without a response, and may be of ten thousands.
 */
export function areEnough(hosts: Iterable<KnownHost>): boolean {
  const origins = new Set<string>();
  for (const { origin } of hosts) {
    origins.add(origin);
    if (origins.size === MIN_HOSTS) return true;
  }
  return isPair([...origins].map((origin) => new URL(origin).hostname));
}

/**
 * Whether our own network is out: most of the hosts that were healthy cannot be reached, in most of the spaces.
 * `forMs`: for how long it has been.
 */
export function isOutage(checks: readonly HostCheck[], forMs = 0): boolean {
  const lost = checks.filter(({ reached }) => !reached).length;
  if (checks.length < MIN_HOSTS)
    return lost === 2 && isPair(checks.map(({ hostname }) => hostname)) && forMs < PAIR_MS;
  if (lost < MIN_HOSTS || lost / checks.length < OUTAGE_SHARE) return false;
  const spaces = new Map<string, { lost: number; all: number }>();
  for (const { spaceId, reached } of checks) {
    const space = spaces.get(spaceId) ?? { lost: 0, all: 0 };
    space.all += 1;
    if (!reached) space.lost += 1;
    spaces.set(spaceId, space);
  }
  const parts = [...spaces.values()].map((space) => space.lost / space.all);
  return parts.reduce((sum, part) => sum + part, 0) / parts.length >= OUTAGE_SHARE;
}

function isPair(hostnames: (string | undefined)[]): boolean {
  return hostnames.length === 2 && hostnames.every(Boolean) && hostnames[0] !== hostnames[1];
}
