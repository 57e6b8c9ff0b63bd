import fc from 'fast-check';
import { addressClass, compileAllowList, isConnectable, networkOf } from '../../src/lib/ip-address.js';

describe('the class of an address', () => {
  it.each([
    [
      'public',
      '1.1.1.1',
      '8.8.8.8',
      '9.255.255.255',
      '11.0.0.0',
      '126.255.255.255',
      '128.0.0.1',
      '223.255.255.255',
    ],
    [
      'public',
      '100.63.255.255',
      '100.128.0.0',
      '172.15.255.255',
      '172.32.0.0',
      '192.167.255.255',
      '192.169.0.0',
    ],
    [
      'public',
      '169.253.255.255',
      '169.255.0.0',
      '198.17.255.255',
      '198.20.0.0',
      '192.0.1.0',
      '168.63.129.15',
    ],
    [
      'loopback',
      '127.0.0.1',
      '127.255.255.255',
      '::1',
      '0:0:0:0:0:0:0:1',
      '::ffff:127.0.0.1',
      '::ffff:7f00:1',
    ],
    [
      'private',
      '10.0.0.0',
      '10.255.255.255',
      '172.16.0.1',
      '172.31.255.255',
      '192.168.1.1',
      '::ffff:10.1.2.3',
    ],
    ['private', 'fc00::', 'fdff:ffff::1', 'fec0::1', 'fd00:ec2::253'],
    [
      'link_local',
      '169.254.0.1',
      '169.254.255.255',
      'fe80::1',
      'febf::1',
      'fe80::1%eth0',
      '::ffff:169.254.1.1',
    ],
    ['cgnat', '100.64.0.0', '100.127.255.255'],
    [
      'metadata',
      '169.254.169.254',
      '168.63.129.16',
      '100.100.100.200',
      '192.0.0.192',
      '::ffff:169.254.169.254',
    ],
    ['metadata', 'fd00:ec2::254', 'FD00:EC2:0:0:0:0:0:254', 'fd20:ce::254'],
    ['metadata', '64:ff9b::169.254.169.254', '2002:a9fe:a9fe::1', '64:ff9b::168.63.129.16'],
    ['link_local', '64:ff9b::169.254.0.1', '64:ff9b:1::169.254.0.1'],
    // Each way to divide the local prefix.
    ['metadata', '64:ff9b:1::a9fe:a9fe', '64:ff9b:1:ffff:1:2:169.254.169.254', '64:ff9b:1::168.63.129.16'],
    ['metadata', '64:ff9b:1:a9fe:a9:fe00::', '64:ff9b:1:a9:fe:a9fe::', '64:ff9b:1:0:a9:fea9:fe00::'],
    ['multicast', '224.0.0.1', '239.255.255.255', 'ff02::1', 'ffff::'],
    ['documentation', '192.0.2.1', '198.51.100.255', '203.0.113.0', '2001:db8::1', '3fff::1', '3fff:fff::1'],
    [
      'translation',
      '192.88.99.1',
      '64:ff9b::8.8.8.8',
      '64:ff9b::10.0.0.1',
      '64:ff9b:1::1',
      '64:ff9b:1::8.8.8.8',
      '64:ff9b:1::10.0.0.1',
      '64:ff9b:1:a00:1:100::',
      '2002:808:808::1',
    ],
    [
      'reserved',
      '0.0.0.0',
      '0.1.2.3',
      '192.0.0.1',
      '198.18.0.1',
      '198.19.255.255',
      '240.0.0.1',
      '255.255.255.255',
    ],
    [
      'reserved',
      '192.31.196.1',
      '192.52.193.1',
      '192.175.48.1',
      '::',
      '::8.8.8.8',
      '100::1',
      '100:0:0:1::',
      '5f00::1',
    ],
    [
      'reserved',
      '2001::1',
      '2001:1ff:ffff::',
      '2001:10::',
      '2620:4f:8000::1',
      '4000::',
      '1fff::1',
      'e000::1',
    ],
    ['reserved', 'nonsense', '', '1.2.3', '1.2.3.4.5', '01.2.3.4', '::1::', '%eth0'],
    // Forms that ipaddr.js alone would take for public addresses.
    [
      'reserved',
      '8.8',
      '8.8.2056',
      '134744072',
      '0x8080808',
      '0x8.8.8.8',
      '010.8.8.8',
      '0010.8.8.8',
      ' 8.8.8.8',
    ],
    ['reserved', '::8.8.8.08', '2a00::1/64', '[2a00::1]', '2a00::g', '12a00::1', '8.8.8.8/32'],
    [
      'public',
      '2001:200::1',
      '2606:4700::1111',
      '2a00::1',
      '2003::1',
      '3ffe::1',
      '3fff:1000::1',
      '2001:db7:ffff::',
    ],
  ])('is %s for %s, %s, %s …', (kind, ...addresses) => {
    for (const address of addresses) expect([address, addressClass(address)]).toEqual([address, kind]);
  });

  it('is the same for an IPv4 address and its form inside IPv6', () => {
    fc.assert(
      fc.property(fc.ipV4(), (ip) => {
        expect(addressClass(`::ffff:${ip}`)).toBe(addressClass(ip));
      }),
    );
  });

  it('is never public for an address inside a translation prefix', () => {
    fc.assert(
      fc.property(fc.ipV4(), (ip) => {
        expect(addressClass(`64:ff9b::${ip}`)).not.toBe('public');
      }),
    );
  });
});

describe('opening a connection', () => {
  const none = compileAllowList([]);

  it('is permitted to public addresses and to no others', () => {
    expect(isConnectable('1.1.1.1', none)).toBe(true);
    expect(isConnectable('2606:4700::1111', none)).toBe(true);
    for (const ip of [
      '127.0.0.1',
      '10.0.0.1',
      '100.64.0.1',
      '0.0.0.0',
      '::1',
      'fd00::1',
      '64:ff9b::1.1.1.1',
      'x',
    ]) {
      expect(isConnectable(ip, none)).toBe(false);
    }
  });

  it('is permitted to what the operator allows, in any form', () => {
    const allow = compileAllowList(['127.0.0.1/32', '10.0.0.0/8', '::1', 'fd00::/8']);
    for (const ip of ['127.0.0.1', '::ffff:127.0.0.1', '10.9.8.7', '::1', 'fd12::1']) {
      expect([ip, isConnectable(ip, allow)]).toEqual([ip, true]);
    }
    for (const ip of ['127.0.0.2', '11.0.0.1%x', '192.168.0.1', '::ffff:192.168.0.1', 'fc00::1']) {
      expect([ip, isConnectable(ip, allow)]).toEqual([ip, ip.startsWith('11.')]);
    }
  });

  it('is never permitted to metadata and link-local addresses', () => {
    const all = compileAllowList(['0.0.0.0/0', '::/0', '169.254.169.254', '169.254.0.0/16']);
    expect(isConnectable('10.0.0.1', all)).toBe(true);
    expect(isConnectable('64:ff9b::10.0.0.1', all)).toBe(true);
    expect(isConnectable('64:ff9b:1::10.0.0.1', all)).toBe(true);
    for (const ip of [
      '169.254.169.254',
      '169.254.1.1',
      '168.63.129.16',
      '100.100.100.200',
      'fd00:ec2::254',
      'fe80::1',
      '::ffff:169.254.169.254',
      '64:ff9b::a9fe:a9fe',
      '64:ff9b:1::a9fe:a9fe',
      '2002:a9fe:a9fe::',
    ]) {
      expect([ip, isConnectable(ip, all)]).toEqual([ip, false]);
    }
  });
});

describe('the allow list', () => {
  it.each([
    '10.0.0.0/33',
    '10.0.0/8',
    '10.0.0.0/',
    '10.0.0.0/-1',
    '10.0.0.0/8/8',
    'fe80::%1/10',
    '::/129',
    'host',
    '',
  ])('refuses %j by name', (cidr) => {
    expect(() => compileAllowList([cidr])).toThrow(`"${cidr}"`);
  });
});

describe('the network of an address', () => {
  it.each([
    ['203.0.113.9', '203.0.113.9'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['::ffff:cb00:7109', '203.0.113.9'],
    ['0:0:0:0:0:ffff:203.0.113.9', '203.0.113.9'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:0DB8:0001:0002::', '2001:db8:1:2'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
    ['::8.8.8.8', '0:0:0:0'],
    ['::1', '0:0:0:0'],
    ['::', '0:0:0:0'],
    ['203.0.113.9:4711', '203.0.113.9'],
    ['[2001:db8:1:2::9]:4711', '2001:db8:1:2'],
    ['[2001:db8:1:2::9]', '2001:db8:1:2'],
    ['[::ffff:203.0.113.9]:1', '203.0.113.9'],
    ['nonsense', 'unknown'],
    ['nonsense:2', 'unknown'],
    ['', 'unknown'],
  ])('%s counts as %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});
