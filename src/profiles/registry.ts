import { Invalid } from '../core/errors.js';
import type { ProfileName } from '../core/words.js';
import { nativeProfile } from './native/native.profile.js';
import type { Profile } from './profile.js';

const profiles = new Map<ProfileName, Profile>([[nativeProfile.name, nativeProfile]]);

/** The profiles this release can run. */
export function knownProfiles(): ProfileName[] {
  return [...profiles.keys()];
}

export function isAvailable(name: ProfileName): boolean {
  return profiles.has(name);
}

/** How webhooks of this profile behave. Throws Invalid for a profile this release does not have. */
export function profileOf(name: ProfileName): Profile {
  const profile = profiles.get(name);
  if (profile) return profile;
  const message = `${name} is not available yet. Choose one of: ${knownProfiles().join(', ')}.`;
  throw new Invalid([{ path: 'profile', code: 'unavailable_profile', message }]);
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
