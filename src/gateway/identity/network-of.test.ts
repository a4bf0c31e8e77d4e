import { describe, expect, it } from 'vitest';
import { networkOf } from './network-of.ts';

describe('the network of an address', () => {
  it.each([
    ['192.0.2.7', '::ffff:192.0.2.7'],
    ['192.0.2.7', '::FFFF:192.0.2.7'],
    ['2001:db8::1', '2001:db8:0:0:ffff:1:2:3'],
    ['2001:db8::1', '2001:db8:0:0:1::'],
    ['2001:db8::1', '2001:0DB8::9%eth0'],
    ['2001:db8:1:2::1', '2001:db8:1:2:ffff::9'],
    ['2001:0:0:1:2:3:4:5', '2001::1:9:3:4:5'],
    ['::1', '::2'],
    ['64:ff9b::192.0.2.1', '64:ff9b::5'],
  ])('[AC31] is one for %s and %s', (one, other) => {
    expect(networkOf(other)).toBe(networkOf(one));
  });

  it.each([
    ['192.0.2.7', '192.0.2.8'],
    ['2001:db8:1:2::1', '2001:db8:1:3::1'],
    ['2001::1:2:3:4:5', '2001::2:2:3:4:5'],
    ['2001:db8::1', '2001:db8:0:1::1'],
    ['::ffff:192.0.2.7', '::ffff:192.0.2.8'],
  ])('[AC31] is another for %s and %s', (one, other) => {
    expect(networkOf(other)).not.toBe(networkOf(one));
  });
});
