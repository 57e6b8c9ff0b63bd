import { leasesOf } from '../core/lease.js';

/** The least and the greatest lease of each of some workers. */
export type LeaseBounds = readonly [least: string[], greatest: string[]];

/** Whether a delivery, a row `d`, is leased within the bounds in these two parameters. SQL. */
export const IS_LEASED_WITHIN = (least: string, greatest: string) =>
  `EXISTS (SELECT FROM unnest(${least}::uuid[], ${greatest}::uuid[]) AS l (least, greatest) WHERE ` +
  'd.lease BETWEEN l.least AND l.greatest)';

export function leaseBounds(workers: string[]): LeaseBounds {
  const bounds = workers.map(leasesOf);
  return [bounds.map(([least]) => least), bounds.map(([, greatest]) => greatest)];
}

/** Of whatever worker. */
export const ALL_LEASES: LeaseBounds = [
  ['00000000-0000-0000-0000-000000000000'],
  ['ffffffff-ffff-ffff-ffff-ffffffffffff'],
];
