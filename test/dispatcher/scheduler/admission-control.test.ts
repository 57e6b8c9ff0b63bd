import { AdmissionControl } from '../../../src/dispatcher/scheduler/admission-control.js';
import type { LeasingId } from '../../../src/dispatcher/scheduler/delivery-states.js';
import { EndpointQueue } from '../../../src/dispatcher/scheduler/endpoint-queue.js';
import type { Departures } from '../../../src/dispatcher/scheduler/endpoint-queues.js';

const NOTHING: Departures = { single: [], idle: [], flood: [], unknown: [] };
const some = [{ id: 'delivery' as LeasingId, queue: new EndpointQueue('endpoint') }];
const nobody = () => undefined;

describe('a flood', () => {
  it('leaves as a whole where nothing else does', () => {
    const admission = new AdmissionControl();
    admission.recordDepartures({ ...NOTHING, flood: some }, 0, nobody);
    expect(admission.allows(1).flood).toBe('all');
  });

  it('is spread over time beside single deliveries, and no longer', async () => {
    const admission = new AdmissionControl();
    admission.recordDepartures({ ...NOTHING, single: some }, 0, nobody);
    expect(admission.allows(1).flood).toBe('a group');

    const leftAt = performance.now();
    await new Promise<void>((reopened) =>
      admission.recordDepartures({ ...NOTHING, flood: some }, 2, reopened),
    );
    expect(performance.now() - leftAt).toBeGreaterThan(4);
    expect(admission.allows(3).flood).toBe('a group');

    admission.recordDepartures({ ...NOTHING, flood: some }, 4, nobody);
    expect(admission.allows(5).flood).toBe('none');
    expect(admission.allows(600).flood).toBe('none');
    expect(admission.allows(1_200).flood).toBe('all');
  });

  it('is not spread for what its own queue sent one by one before', () => {
    const admission = new AdmissionControl();
    const queue = new EndpointQueue('endpoint');
    admission.recordDepartures({ ...NOTHING, single: [{ id: 'first' as LeasingId, queue }] }, 0, nobody);
    expect(admission.allows(1).flood).toBe('a group');

    queue.add(Array.from({ length: 100 }, (_, n) => `delivery ${n}`));
    expect(admission.allows(2).flood).toBe('all');
  });

  it('is spread again for a neighbour who comes back', () => {
    const admission = new AdmissionControl();
    for (const at of [0, 5_000, 10_000]) {
      expect(admission.allows(at).flood).toBe('all');
      admission.recordDepartures({ ...NOTHING, single: some }, at, nobody);
      expect(admission.allows(at + 400).flood).toBe('a group');
    }
  });
});

describe('unproven endpoints', () => {
  it('are asked one group after the other while somebody would feel it', async () => {
    const admission = new AdmissionControl();
    admission.recordDepartures({ ...NOTHING, unknown: some }, 0, nobody);
    expect(admission.allows(1).unknown).toBe(true);

    await new Promise<void>((reopened) => {
      admission.recordDepartures({ ...NOTHING, flood: some, unknown: some }, 2, reopened);
      expect(admission.allows(3).unknown).toBe(false);
    });
    expect(admission.allows(4).unknown).toBe(true);
  });
});

describe('connections to quiet endpoints', () => {
  const many = (count: number) => Array.from({ length: count }, () => some).flat();

  it('are opened a number at a time, and then after a while', async () => {
    const admission = new AdmissionControl();
    admission.recordDepartures({ ...NOTHING, idle: many(5) }, 0, nobody);
    expect(admission.allows(1).idle).toBe(3);

    await new Promise<void>((reopened) => {
      admission.recordDepartures({ ...NOTHING, idle: many(3) }, 2, reopened);
      expect(admission.allows(3).idle).toBe(0);
    });
    expect(admission.allows(30).idle).toBe(8);
  });

  it('are not counted for long', () => {
    const admission = new AdmissionControl();
    for (const at of [0, 30, 60]) {
      expect(admission.allows(at).idle).toBe(8);
      admission.recordDepartures({ ...NOTHING, idle: many(7) }, at, nobody);
      expect(admission.allows(at + 1).idle).toBe(1);
    }
    expect(admission.allows(90).idle).toBe(8);
  });
});
