import { styledHeaders, type SignatureChoice } from '../../src/profiles/styled-signature.js';

const UUID = '0199c2f0-4f3b-7a52-b8d1-e6a3c9f70412';
const EVENT = UUID.replaceAll('-', '');

function headersOf(choice: SignatureChoice, secrets: string[], body: string, seconds: number, fields = {}) {
  return styledHeaders(choice, {
    ...{
      eventId: UUID,
      publisherId: null,
      type: 'lead.create',
      deliveryId: UUID,
      attemptAt: seconds * 1_000,
    },
    ...{ body: Buffer.from(body), keys: secrets.map((secret) => Buffer.from(secret)) },
    hook: {
      ...{ id: UUID, providerId: null, options: {} },
      scope: { level: 'space', clientId: null, campaignId: null },
    },
    ...fields,
  });
}

/** The vectors that Hook0 and Convoy publish for receivers. */
describe('a signature style', () => {
  it('of Hook0 is what its own test of both versions has', () => {
    const fields = { publisherId: '1a01cb48-5142-4d9b-8f90-d20cca61f0ee', type: 'service.resource.verb' };
    const make = (style: 'hook0' | 'hook0-v0') =>
      headersOf({ style }, ['secret'], 'hello !', 1_636_936_200, fields);
    expect(make('hook0')).toEqual({
      'x-event-id': fields.publisherId,
      'x-event-type': fields.type,
      'x-hook0-signature':
        't=1636936200,h=x-event-id x-event-type,v1=bc521546ba5de381b12f135782d2008b028c3065c191760b12b76850a8fc8f51',
    });
    expect(make('hook0-v0')['x-hook0-signature']).toBe(
      't=1636936200,v0=1b3d69df55f1e52f05224ba94a5162abeb17ef52cd7f4948c390f810d6a87e98',
    );
  });

  it.each([
    ['convoy', 'sha256', 'hex', '244449b7f48cbc2709060c9dcdc2b3aa47a78f540430579015c579fb12defbb4'],
    ['convoy', 'sha256', 'base64', 'JERJt/SMvCcJBgydzcKzqkenj1QEMFeQFcV5+xLe+7Q='],
    [
      ...(['convoy', 'sha512', 'base64'] as const),
      'bMdy3IGUKuG1/6kcOmoHsNN+3I3GvYPjUYohnx8Z/3GuG3bWsyCUDUFMI2oarX95MLY+DxkolRlV0xIZVF4bZg==',
    ],
    [
      ...(['convoy-advanced', 'sha256', 'hex'] as const),
      't=1700000000,v1=77b8b9269f25a199846a55a2bd25b3fba151c70fdae60bb1dcd87fbbc943c55c',
    ],
    [
      ...(['convoy-advanced', 'sha512', 'base64'] as const),
      't=1700000000,v1=shIuJSzSWCzyJcsrjUzu3p40Mp4v6VwCYZw+1dSj2ac+a+ry3/jnbXGmk64ZjO5AaF7tEq1O4uAz3C0Dme3gVw==',
    ],
  ] as const)('of Convoy (%s, %s, %s) is its vector', (style, hash, encoding, expected) => {
    const body = '{"event":"charge.success","amount":1000,"currency":"NGN"}';
    const made = headersOf({ style, hash, encoding }, ['convoy-webhook-secret'], body, 1_700_000_000);
    expect(made).toEqual({
      'x-convoy-event-id': `evt_${EVENT}`,
      'x-convoy-eventdelivery-id': `dlv_${EVENT}`,
      'x-convoy-signature': expected,
    });
  });

  it('has one signature for each live secret where the other system has that, else the newest', () => {
    const both = ['new secret', 'old secret'];
    const valueOf = (style: SignatureChoice['style'], header: string, secrets: string[]) =>
      headersOf({ style }, secrets, '{}', 1)[header] ?? '';
    expect(valueOf('outpost', 'x-outpost-signature', both)).toMatch(/^v0=[0-9a-f]{64},[0-9a-f]{64}$/);
    expect(valueOf('svix', 'svix-signature', both)).toMatch(/^v1,\S{44} v1,\S{44}$/);
    const advanced = valueOf('convoy-advanced', 'x-convoy-signature', both);
    expect(advanced).toMatch(/^t=1,v1=[0-9a-f]{64},v1=[0-9a-f]{64}$/);
    for (const [style, header] of [
      ['convoy', 'x-convoy-signature'],
      ['hook0', 'x-hook0-signature'],
    ] as const)
      expect(valueOf(style, header, both)).toBe(valueOf(style, header, both.slice(0, 1)));
  });

  it('names the publisher’s id only where it can stand in a header', () => {
    const idOf = (publisherId: string | null) =>
      headersOf({ style: 'hook0' }, ['s'], '{}', 1, { publisherId })['x-event-id'];
    expect(idOf('order-1')).toBe('order-1');
    for (const unfit of ['a b', 'é', 'a\r\nx-evil: 1', '', null]) expect(idOf(unfit)).toBe(`evt_${EVENT}`);
  });
});
