import type { Origin } from '../audit/origin.js';
import type { ProfileName } from '../core/domain-types.js';

/** The space a request is about: as much of it as every route needs. */
export interface SpaceRef {
  /** Dashed UUID. */
  id: string;
  /** The caller's own name for it. */
  uid: string | null;
  profile: ProfileName;
  /** Who asks, and from where, in a request that may change something: its audit entries say so. */
  by?: Origin;
}
