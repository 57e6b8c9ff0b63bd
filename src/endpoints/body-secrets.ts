import { profileOf } from '../profiles/registry.js';
import type { Endpoint } from './endpoints.service.js';

/** The secrets an endpoint may have seen in a body. */
export function bodySecretsOf({ profile, secrets }: Pick<Endpoint, 'profile' | 'secrets'>): string[] {
  const rules = profileOf(profile).secrets;
  return rules.inBody ? secrets.map(({ key }) => rules.format(key)) : [];
}
