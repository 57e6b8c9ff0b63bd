import { Invalid } from '../core/errors.js';
import type { ProviderApi } from '../core/provider-api.js';
import type { ProfileName } from '../core/domain-types.js';
import { breakcoldV2Profile } from './breakcold-v2/breakcold-v2.profile.js';
import { breakcoldProfile } from './breakcold/breakcold.profile.js';
import { leadlexProfile } from './leadlex/leadlex.profile.js';
import { lemlistProfile } from './lemlist/lemlist.profile.js';
import { nativeProfile } from './native/native.profile.js';
import type { Profile } from './profile.js';
import { smartleadProfile } from './smartlead/smartlead.profile.js';

/** Every profile. A new one is a folder and a line here; docs/profiles.md says what is in the folder. */
const PROFILES: Profile[] = [
  nativeProfile,
  breakcoldProfile,
  breakcoldV2Profile,
  leadlexProfile,
  lemlistProfile,
  smartleadProfile,
];

const byName = new Map<ProfileName, Profile>(PROFILES.map((profile) => [profile.name, profile]));

/** The profiles this release can run. */
export function knownProfiles(): ProfileName[] {
  return [...byName.keys()];
}

/** The providers' own APIs that this release stands in for. */
export function providerApis(): ProviderApi[] {
  return PROFILES.flatMap(({ providerApi }) => providerApi ?? []);
}

/** How webhooks of this profile behave. Throws Invalid for a profile this release does not have. */
export function profileOf(name: ProfileName): Profile {
  const profile = byName.get(name);
  if (profile) return profile;
  const message = `There is no profile "${name}". Choose one of: ${knownProfiles().join(', ')}.`;
  throw new Invalid([{ path: 'profile', code: 'unknown_profile', message }]);
}

const namesByProfile = new Map<ProfileName, Set<string>>();

/** The names of a profile's events. */
export function eventTypeNames(name: ProfileName): Set<string> {
  let names = namesByProfile.get(name);
  if (!names) {
    names = new Set(profileOf(name).catalogue.map((type) => type.name));
    namesByProfile.set(name, names);
  }
  return names;
}
