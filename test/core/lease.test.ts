import { isLeaseOf, leasesOf, newLease, newWorkerId } from '../../src/core/lease.js';

describe('a lease', () => {
  it('names its worker, and no two are the same', () => {
    const [mine, other] = [newWorkerId(), newWorkerId()];
    const leases = Array.from({ length: 100 }, () => newLease(mine));
    expect(new Set(leases).size).toBe(100);
    const [least, greatest] = leasesOf(mine);
    for (const lease of leases) {
      expect(lease).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
      expect(isLeaseOf(lease, mine)).toBe(true);
      expect(isLeaseOf(lease, other)).toBe(false);
      expect(lease >= least && lease <= greatest).toBe(true);
    }
  });
});
