import { isIPv6 } from 'node:net';

/**
 * What counts as one place of many addresses: an IPv4 address, or the /64 that one household or school has at hand of
 * IPv6. One place has one name, however its address is written.
 */
export function networkOf(address: string): string {
  const bare = address.toLowerCase().replace(/%.*$/, '');
  const [, mapped] = /^::ffff:(\d+(?:\.\d+){3})$/.exec(bare) ?? [];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(bare)) return bare;
  const [head = [], tail = []] = bare.split('::').map((side) => (side === '' ? [] : side.split(':')));
  const tailLength = tail.length + (tail.at(-1)?.includes('.') ? 1 : 0);
  const zeros = Array<string>(Math.max(0, 8 - head.length - tailLength)).fill('0');
  return [...head, ...zeros, ...tail]
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}
