import { randomBytes, randomUUID } from 'node:crypto';

const WORKER_BYTES = 8;

/** The first half of a lease, which names its worker: 16 hexadecimal digits. */
export function newWorkerId(): string {
  return randomBytes(WORKER_BYTES).toString('hex');
}

/**
 * A UUID whose first half is the worker's id: a lease names its holder without a column or an index of its own. The
 * first bit of the second half says whether another process made it for the worker.
 */
export function newLease(worker: string): string {
  return leaseOf(worker, 0);
}

/** A lease that another process makes for the worker when it hands deliveries over. */
export function newHandoverLease(worker: string): string {
  return leaseOf(worker, 8);
}

/** `randomUUID` has a pool of random bytes; asking the system for each lease took 2 % of a publish. */
function leaseOf(worker: string, firstBit: 0 | 8): string {
  const random = randomUUID();
  const first = (parseInt(random.charAt(0), 16) & 7) | firstBit;
  return asUuid(worker + first.toString(16) + random.slice(1, 4) + random.slice(24));
}

/** The smallest and the largest lease that other processes make for the worker. */
export function handoverLeasesOf(worker: string): [from: string, to: string] {
  return [asUuid(`${worker}8${'0'.repeat(15)}`), asUuid(worker + 'f'.repeat(16))];
}

/** The smallest and the largest lease of a worker. */
export function leasesOf(worker: string): [from: string, to: string] {
  return [asUuid(worker + '0'.repeat(16)), asUuid(worker + 'f'.repeat(16))];
}

/** The id of the worker whose lease it is. */
export function workerOf(lease: string): string {
  return lease.slice(0, 8) + lease.slice(9, 13) + lease.slice(14, 18);
}

/** Whether the lease is this worker's. */
export function isLeaseOf(lease: string, worker: string): boolean {
  return workerOf(lease) === worker;
}

function asUuid(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
