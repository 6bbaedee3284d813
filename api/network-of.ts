import { isIPv6 } from 'node:net';

/**
 * Who shares an address with whom, for whatever counts strangers: an address of the old kind alone, the half of a new one
 * that a provider gives to a house.
 *
 * One rule for all that count: whoever could look like several in one place would be several there.
 */
export function networkOf(ip: string): string {
  return groupsOf(ip)?.slice(0, 4).join(':') ?? oldKind(ip);
}

/**
 * What a network is part of: the block of 65,536 networks that one customer of a provider may hold; null for an address of
 * the old kind, which has no such neighbours.
 */
export function siteOf(ip: string): string | null {
  return groupsOf(ip)?.slice(0, 3).join(':') ?? null;
}

/** The eight groups of an address of the new kind; undefined for one of the old kind, in whatever dress. */
function groupsOf(ip: string): readonly string[] | undefined {
  if (!isIPv6(ip) || mappedIn(ip) !== undefined) return undefined;
  const whole = new URL(`http://[${ip.split('%', 1)[0] ?? ip}]`).hostname.slice(1, -1);
  const [head = '', tail] = whole.split('::');
  const [front, back] = [head, tail ?? ''].map((part) => part.split(':').filter(Boolean));
  const zeros = Array<string>(8 - (front?.length ?? 0) - (back?.length ?? 0)).fill('0');
  return [...(front ?? []), ...zeros, ...(back ?? [])];
}

function mappedIn(ip: string): string | undefined {
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1];
}

/** Some proxies write the port behind the address: it is another one for each connection, and says nothing. */
function oldKind(ip: string): string {
  const address = mappedIn(ip) ?? ip;
  return /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(address)?.[1] ?? address;
}
