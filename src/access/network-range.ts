/** Part of a network: an address and how many of its first bits count. */
export interface NetworkRange {
  readonly bits: bigint;
  readonly prefix: number;
  /** 32 for IPv4, 128 for IPv6. */
  readonly width: 32 | 128;
}

interface Address {
  readonly bits: bigint;
  readonly width: 32 | 128;
}

function parseV4(text: string): bigint | null {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (!match) return null;
  let bits = 0n;
  for (const part of match.slice(1)) {
    // A leading zero means octal to some programs and nothing to others.
    if (Number(part) > 255 || (part.length > 1 && part.startsWith('0'))) return null;
    bits = (bits << 8n) | BigInt(part);
  }
  return bits;
}

/** The groups of one side of `::`; the last may be written as IPv4. */
function parseGroups(text: string): bigint[] | null {
  if (text === '') return [];
  const groups: bigint[] = [];
  const parts = text.split(':');
  for (const [at, part] of parts.entries()) {
    const v4 = at === parts.length - 1 ? parseV4(part) : null;
    if (v4 !== null) groups.push(v4 >> 16n, v4 & 0xffffn);
    else if (/^[0-9a-f]{1,4}$/i.test(part)) groups.push(BigInt(`0x${part}`));
    else return null;
  }
  return groups;
}

function parseV6(text: string): bigint | null {
  const sides = text.split('::');
  if (sides.length > 2) return null;
  const [head, tail] = [parseGroups(sides[0] ?? ''), parseGroups(sides[1] ?? '')];
  if (!head || !tail) return null;
  const missing = 8 - head.length - tail.length;
  if (sides.length === 1 ? missing !== 0 : missing < 1) return null;
  const groups = [...head, ...Array<bigint>(missing).fill(0n), ...tail];
  return groups.reduce((bits, group) => (bits << 16n) | group, 0n);
}

const MAPPED = 0xffffn;

/** An address without its zone; an IPv4 address that travels inside IPv6 is the IPv4 address. */
function parseAddress(text: string): Address | null {
  const bare = text.replace(/%[A-Za-z0-9._-]+$/, '');
  const v4 = parseV4(bare);
  if (v4 !== null) return { bits: v4, width: 32 };
  const v6 = parseV6(bare);
  if (v6 === null) return null;
  return v6 >> 32n === MAPPED ? { bits: v6 & 0xffffffffn, width: 32 } : { bits: v6, width: 128 };
}

/** Reads `192.0.2.0/24`, `2001:db8::/32` or one address. Bits beyond the prefix are a slip and refused. */
export function parseNetworkRange(text: string): NetworkRange | null {
  const [addressText = '', prefixText, ...rest] = text.trim().split('/');
  const address = parseAddress(addressText);
  if (!address || rest.length > 0 || addressText.includes('%')) return null;
  if (prefixText !== undefined && !/^\d{1,3}$/.test(prefixText)) return null;
  const prefix = prefixText === undefined ? address.width : Number(prefixText);
  if (prefix > address.width) return null;
  const host = BigInt(address.width - prefix);
  if ((address.bits >> host) << host !== address.bits) return null;
  return { ...address, prefix };
}

export function isInRange(address: string, range: NetworkRange): boolean {
  const parsed = parseAddress(address);
  if (!parsed || parsed.width !== range.width) return false;
  const host = BigInt(range.width - range.prefix);
  return parsed.bits >> host === range.bits >> host;
}

/** Whether an address lies in one of the ranges; what is no range holds nothing. */
export function isInNetwork(address: string, ranges: readonly string[]): boolean {
  return ranges.some((text) => {
    const range = parseNetworkRange(text);
    return range !== null && isInRange(address, range);
  });
}
