import { randomBytes } from 'node:crypto';
import { Settings } from '../../src/config/settings.js';
import {
  HandoverMessages,
  MAX_AGE_MS,
  packHandover,
  unpackHandover,
  type PublisherAnnouncement,
} from '../../src/deliveries/handover-messages.js';
import { Sealer } from '../../src/endpoints/seal.js';
import { ManualClock } from '../support/manual-clock.js';

const encryptionKeys = [randomBytes(32).toString('base64')];
const sealer = () => new Sealer(Object.assign(new Settings(), { encryptionKeys }));
const ANNOUNCEMENT: PublisherAnnouncement = { publisher: 'p' };

/** The messages of two processes with the same keys. */
function pair() {
  const clock = new ManualClock();
  return { clock, sent: new HandoverMessages(sealer(), clock), got: new HandoverMessages(sealer(), clock) };
}

describe('a message between processes', () => {
  it('opens with its age until it is too old: its leases may have been released by then', () => {
    const { clock, sent, got } = pair();
    const sealed = sent.seal('publishers', ANNOUNCEMENT);
    expect(got.open('publishers', sealed)).toEqual({ message: ANNOUNCEMENT, ageMs: 0 });
    clock.advance(MAX_AGE_MS);
    expect(got.open('publishers', sealed)).toEqual({ message: ANNOUNCEMENT, ageMs: MAX_AGE_MS });
    clock.advance(1);
    expect(got.open('publishers', sealed)).toBeNull();
  });

  it('counts as new when it comes from a clock that is ahead', () => {
    const { clock, sent, got } = pair();
    const sealed = sent.seal('publishers', ANNOUNCEMENT);
    clock.advance(-50);
    expect(got.open('publishers', sealed)).toEqual({ message: ANNOUNCEMENT, ageMs: 0 });
  });

  it('opens on its own channel only, and not when it was changed', () => {
    const { sent, got } = pair();
    const sealed = sent.seal('publishers', ANNOUNCEMENT);
    expect(got.open('workers', sealed)).toBeNull();
    sealed.writeUInt8(sealed.readUInt8(sealed.length - 1) ^ 1, sealed.length - 1);
    expect(got.open('publishers', sealed)).toBeNull();
    expect(got.open('publishers', Buffer.from('{}'))).toBeNull();
  });
});

it('a handover says of each delivery which type its subscription knows the event by', () => {
  const event = {
    ...{
      id: 'e',
      spaceId: 's',
      type: 'lead.create',
      occurredAt: new Date(0),
      scope: {},
      data: '{}',
      trace: null,
    },
    publisherId: null,
  };
  const leased = ['lead.create', 'contact.created'].map((eventType) => ({
    lease: 'l',
    event,
    delivery: {
      ...{ id: eventType, spaceId: 's', eventId: 'e', eventType, subscriptionId: 'b' },
      ...{ trigger: 'event' as const, override: null },
    },
  }));
  const packed = packHandover('l', leased, { sendable: [], checkedAt: 0 });
  expect(unpackHandover(JSON.parse(JSON.stringify(packed)) as typeof packed)).toEqual(leased);
});
