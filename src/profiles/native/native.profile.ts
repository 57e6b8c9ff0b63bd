import type { Profile } from '../profile.js';
import { render } from './body.js';
import { nativeCatalogue } from './catalogue.js';
import { prove } from './proof.js';

/** Posthorn's own webhooks: Standard Webhooks 1.0 over a CRM's events. */
export const nativeProfile: Profile = {
  name: 'native',
  catalogue: nativeCatalogue,
  render,
  prove,
  accepts: (statusCode) => statusCode >= 200 && statusCode < 300,
};
