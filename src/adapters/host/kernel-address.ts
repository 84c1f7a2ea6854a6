import { lookup } from 'node:dns/promises';
import { isIPv4 } from 'node:net';
import { endianness, networkInterfaces } from 'node:os';

export interface HostAddress {
  readonly isThisMachine: boolean;
  /** Whether an address of the kernel's tables is that host. */
  readonly matches: (kernelAddress: string) => boolean;
}

/**
 * How the given host stands in the kernel's tables. A host that is this machine matches by each of the machine's
 * addresses: an application may well say "localhost" where the configuration says 127.0.0.1.
 */
export async function addressOf(host: string): Promise<HostAddress> {
  const wanted = await addressesOf(host);
  const own = ownAddresses();
  const isThisMachine = isHere(wanted, own);
  const matches = (address: string) => {
    const plain = withoutMapping(address);
    return wanted.has(plain) || (isThisMachine && (isLoopback(plain) || own.has(plain)));
  };
  return { isThisMachine, matches };
}

/** Whether two names or addresses lead to one machine. What cannot be found out may be so. */
export async function mayBeOneMachine(one: string, other: string): Promise<boolean> {
  try {
    const [first, second] = await Promise.all([addressesOf(one), addressesOf(other)]);
    const own = ownAddresses();
    return [...first].some((address) => second.has(address)) || (isHere(first, own) && isHere(second, own));
  } catch {
    return true;
  }
}

const addressesOf = async (host: string): Promise<Set<string>> =>
  new Set((await lookup(host, { all: true })).map(({ address }) => kernelForm(address)));

const isHere = (addresses: ReadonlySet<string>, own: ReadonlySet<string>): boolean =>
  [...addresses].some((address) => isLoopback(address) || own.has(address));

function ownAddresses(): Set<string> {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return new Set(all.map(({ address }) => kernelForm(address)));
}

/** 32-bit words in the machine's own byte order, each in hexadecimal digits. */
function kernelForm(address: string): string {
  const bytes = isIPv4(address) ? address.split('.').map(Number) : ipv6Bytes(address);
  const words = Array.from({ length: bytes.length / 4 }, (_, index) => bytes.slice(index * 4, index * 4 + 4));
  const hex = words.map((word) => toHex(endianness() === 'LE' ? word.toReversed() : word)).join('');
  return withoutMapping(hex);
}

const toHex = (bytes: readonly number[]) => bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** The URL parser knows every way to write an IPv6 address and returns the shortest, with its last 32 bits in hexadecimal. */
function ipv6Bytes(address: string): number[] {
  const short = new URL(`http://[${address.split('%')[0]}]`).hostname.slice(1, -1);
  const [head = '', tail] = short.split('::');
  const front = head === '' ? [] : head.split(':');
  const back = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: 8 - front.length - back.length }, () => '0');
  return [...front, ...zeros, ...back].flatMap((group) => {
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 255];
  });
}

const mapped = endianness() === 'LE' ? '0000000000000000ffff0000' : '00000000000000000000ffff';

/** ::ffff:127.0.0.1 is 127.0.0.1: a socket that speaks both families writes it so. */
const withoutMapping = (address: string) =>
  address.length === 32 && address.startsWith(mapped) ? address.slice(mapped.length) : address;

const firstByte =
  endianness() === 'LE' ? (address: string) => address.slice(6, 8) : (address: string) => address.slice(0, 2);
const loopback6 = endianness() === 'LE' ? `${'0'.repeat(24)}01000000` : `${'0'.repeat(31)}1`;

const isLoopback = (address: string) => (address.length === 8 ? firstByte(address) === '7f' : address === loopback6);
