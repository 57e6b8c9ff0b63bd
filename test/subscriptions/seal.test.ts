import { randomBytes } from 'node:crypto';
import { Settings } from '../../src/config/settings.js';
import { SealBroken, Sealer } from '../../src/endpoints/seal.js';

const newKey = () => randomBytes(32).toString('base64');

function sealerWith(...encryptionKeys: string[]): Sealer {
  return new Sealer(Object.assign(new Settings(), { encryptionKeys }));
}

describe('a sealer', () => {
  const key = newKey();
  const sealer = sealerWith(key);
  const plain = Buffer.from('the secret of one subscription');

  it('opens what it sealed, also when that is empty', () => {
    expect(sealer.open('a', sealer.seal('a', plain))).toEqual(plain);
    expect(sealer.open('a', sealer.seal('a', Buffer.alloc(0)))).toEqual(Buffer.alloc(0));
  });

  it('shows nothing of the plain text, and seals the same text differently each time', () => {
    const sealed = sealer.seal('a', plain);
    expect(sealed.includes(plain)).toBe(false);
    expect(sealer.seal('a', plain)).not.toEqual(sealed);
  });

  it('refuses a value that was sealed for another place', () => {
    const sealed = sealer.seal('subscriptions:1:secret', plain);
    expect(() => sealer.open('subscriptions:2:secret', sealed)).toThrow(SealBroken);
    expect(() => sealer.open('subscriptions:1:headers', sealed)).toThrow(SealBroken);
  });

  it('refuses a value of which any byte was changed or cut off', () => {
    const sealed = sealer.seal('a', plain);
    for (let index = 0; index < sealed.length; index += 1) {
      const altered = Buffer.from(sealed);
      altered.writeUInt8(altered.readUInt8(index) ^ 1, index);
      expect(() => sealer.open('a', altered)).toThrow(SealBroken);
      expect(() => sealer.open('a', sealed.subarray(0, index))).toThrow(SealBroken);
    }
  });

  it('opens what an older key sealed, and seals with the newest', () => {
    const newer = newKey();
    const rotated = sealerWith(newer, key);
    expect(rotated.open('a', sealer.seal('a', plain))).toEqual(plain);
    expect(sealerWith(newer).open('a', rotated.seal('a', plain))).toEqual(plain);
  });

  it('says which setting lacks the key when no key fits', () => {
    const sealed = sealer.seal('a', plain);
    expect(() => sealerWith(newKey()).open('a', sealed)).toThrow(/POSTHORN_ENCRYPTION_KEYS/);
  });

  it('does not start without a usable key', () => {
    expect(() => sealerWith()).toThrow(/at least one/);
    expect(() => sealerWith(randomBytes(16).toString('base64'))).toThrow(/32 bytes/);
  });

  it('never tells the value in an error', () => {
    const sealed = sealer.seal('a', plain);
    expect(() => sealer.open('b', sealed)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining(sealed.toString('base64')) as string }),
    );
  });
});
