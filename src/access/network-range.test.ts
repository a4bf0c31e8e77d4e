import { describe, expect, it } from 'vitest';
import { isInNetwork, parseNetworkRange } from './network-range.ts';

describe('a network range', () => {
  it.each([
    ['192.0.2.0/24', '192.0.2.255', '192.0.3.0'],
    ['192.0.2.7', '192.0.2.7', '192.0.2.8'],
    ['0.0.0.0/0', '203.0.113.9', '::1'],
    ['10.128.0.0/9', '10.255.0.1', '10.127.255.255'],
    ['2001:db8::/32', '2001:db8:ffff::1', '2001:db9::1'],
    ['2001:db8:0:1::/64', '2001:DB8:0:1::abcd', '2001:db8:0:2::abcd'],
    ['::1', '::1', '::2'],
    ['fe80::/10', 'fe80::1%eth0', 'fec0::1'],
    ['192.0.2.0/24', '::ffff:192.0.2.9', '::ffff:192.0.3.9'],
    [' 192.0.2.0/24 ', '192.0.2.1', ''],
  ])('[AC68] %s holds %s and not %s', (range, inside, outside) => {
    expect(isInNetwork(inside, [range])).toBe(true);
    expect(isInNetwork(outside, [range])).toBe(false);
    expect(isInNetwork(inside, [])).toBe(false);
  });

  it.each([
    ...[
      '',
      'school',
      '192.0.2',
      '192.0.2.256',
      '192.0.2.01',
      '192.0.2.0/33',
      '192.0.2.0/-1',
      '192.0.2.0/24/8',
    ],
    ...['192.0.2.1/24', '2001:db8::/129', '2001:db8::1/64', '1::2::3', '1:2:3:4:5:6:7', '1:2:3:4:5:6:7:8:9'],
    ...['fe80::1%eth0', ':::', 'g::1', '12345::', '1:2:3:4:5:6:7::8:9', '192.0.2.0/', '::192.0.2.300'],
  ])('[AC68] %j is none', (text) => {
    expect(parseNetworkRange(text)).toBeNull();
    expect(isInNetwork('192.0.2.1', [text])).toBe(false);
  });
});
