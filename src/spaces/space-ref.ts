import type { ProfileName } from '../core/domain-types.js';

/** The space a request is about: as much of it as every route needs. */
export interface SpaceRef {
  /** Dashed UUID. */
  id: string;
  /** The caller's own name for it. */
  uid: string | null;
  profile: ProfileName;
}
