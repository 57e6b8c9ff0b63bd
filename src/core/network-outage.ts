/** An endpoint's host that has answered, as one space knows it. */
export interface KnownHost {
  spaceId: string;
  /** Where it is; several endpoints may be there. */
  origin: string;
  /** When it last answered anything, monotonic milliseconds. */
  answeredAt: number;
}

/** What a look at a host came to. */
export interface HostCheck {
  spaceId: string;
  reached: boolean;
}

/** With fewer hosts nobody can tell a lost network from hosts that are down. */
export const MIN_HOSTS = 3;
/** The part of the hosts, and of the spaces, that must be out of reach. */
const OUTAGE_SHARE = 3 / 4;

/**
 * Which hosts to look at: of each space the one that answered last, then the next of each. So no space, however many hosts it
 * has, can be more than its share of the evidence. A host that several spaces have counts once.
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
 * Whether it is our own network that is out: most of the hosts that had been well cannot be reached, and most of the spaces,
 * each by the part of its hosts.
 */
export function isOutage(checks: readonly HostCheck[]): boolean {
  const lost = checks.filter(({ reached }) => !reached).length;
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
