import { describe, expect, it } from 'vitest';
import { networkOf, siteOf } from '../../api/network-of.ts';

describe('the network of an address', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2::1', '2001:db8:1:2'],
    ['2001:DB8:0001:2:ffff:ffff:ffff:ffff', '2001:db8:1:2'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
    ['192.0.2.1:4711', '192.0.2.1'],
    ['no address', 'no address'],
  ])('of %s is %s', (ip, network) => {
    expect(networkOf(ip)).toBe(network);
  });
});

describe('the site of an address', () => {
  it.each([
    ['2001:db8:1:2::1', '2001:db8:1'],
    ['2001:db8:1:ffff::1', '2001:db8:1'],
    ['192.0.2.1', null],
    ['::ffff:192.0.2.1', null],
  ])('of %s is %s', (ip, site) => {
    expect(siteOf(ip)).toBe(site);
  });
});
