import type { Profile } from './profile.js';

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/**
 * Data of the nth made-up event of a type: the first is the catalogue's example. In the others every UUID is another
 * one, and the same one wherever it stands, so that a receiver takes them for other people's. All are of this space, if
 * they name one.
 */
export function sampleData(profile: Profile, type: string, n: number, spaceId: string, now: Date): object {
  if (profile.sample) return profile.sample(type, n, now);
  const example = profile.catalogue.find(({ name }) => name === type)?.example ?? {};
  const digits = (n % 0x10000).toString(16).padStart(4, '0');
  const written = JSON.stringify(example);
  const [, theirs] = /"id_space":"([^"]+)"/.exec(written) ?? [];
  const text = written.replaceAll(UUID, (uuid) => {
    if (uuid === theirs) return spaceId;
    return n === 0 ? uuid : uuid.slice(0, -4) + digits;
  });
  return JSON.parse(text) as object;
}
