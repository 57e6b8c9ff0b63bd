import { randomBytes } from 'node:crypto';

const WORKER_BYTES = 8;

/** The first half of a lease, which names its worker: 16 hexadecimal digits. */
export function newWorkerId(): string {
  return randomBytes(WORKER_BYTES).toString('hex');
}

/** A UUID whose first half is the worker's id: a lease names its holder without a column or an index of its own. */
export function newLease(worker: string): string {
  return asUuid(worker + randomBytes(WORKER_BYTES).toString('hex'));
}

/** The smallest and the largest lease of a worker. */
export function leasesOf(worker: string): [from: string, to: string] {
  return [asUuid(worker + '0'.repeat(16)), asUuid(worker + 'f'.repeat(16))];
}

/** Whether the lease is this worker's. */
export function isLeaseOf(lease: string, worker: string): boolean {
  return lease.slice(0, 8) + lease.slice(9, 13) + lease.slice(14, 18) === worker;
}

function asUuid(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
