import type { Schemas } from '../api/client.js';
import type { Role } from '../session/session.js';

export type Person = Schemas['PersonView'];
export type PersonSession = Schemas['PersonSession'];

/** What each role may do, in short. */
export const ROLE_CHOICES: { value: Role; label: string }[] = [
  { value: 'viewer', label: 'Viewer: look' },
  { value: 'support', label: 'Support: look and retry' },
  { value: 'operator', label: 'Operator: change' },
  { value: 'admin', label: 'Admin: also keys and people' },
];

export const NO_ROLE = 'none';

/** Also the one of somebody who may see single spaces alone. */
export const INSTANCE_CHOICES: { value: Role | typeof NO_ROLE; label: string }[] = [
  ...ROLE_CHOICES,
  { value: NO_ROLE, label: 'Only in single spaces' },
];
