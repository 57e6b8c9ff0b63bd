import { randomBytes } from 'node:crypto';

const WORKER_BYTES = 8;

/** The first half of a lease, which names its worker: 16 hexadecimal digits. */
export function newWorkerId(): string {
  return randomBytes(WORKER_BYTES).toString('hex');
}

/** The first bit of a lease's second half: set when another process made it for the worker. */
const HANDED_OVER = 0x80;

/** A UUID whose first half is the worker's id: a lease names its holder without a column or an index of its own. */
export function newLease(worker: string): string {
  const half = randomBytes(WORKER_BYTES);
  half[0] = (half[0] as number) & ~HANDED_OVER;
  return asUuid(worker + half.toString('hex'));
}

/** One that another process makes for the worker. */
export function newHandedLease(worker: string): string {
  const half = randomBytes(WORKER_BYTES);
  half[0] = (half[0] as number) | HANDED_OVER;
  return asUuid(worker + half.toString('hex'));
}

/** The smallest and the largest lease that others make for the worker. */
export function handedLeasesOf(worker: string): [from: string, to: string] {
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
