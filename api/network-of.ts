import { isIPv6 } from 'node:net';

/**
 * Who shares an address with whom, for whatever counts strangers: an address of the old kind alone, the half of a new one
 * that a provider gives to a house.
 *
 * One rule for all that count: whoever could look like several in one place would be several there.
 */
export function networkOf(ip: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1];
  if (mapped !== undefined || !isIPv6(ip)) return mapped ?? ip;
  const whole = new URL(`http://[${ip.split('%', 1)[0] ?? ip}]`).hostname.slice(1, -1);
  const [head = '', tail] = whole.split('::');
  const [front, back] = [head, tail ?? ''].map((part) => part.split(':').filter(Boolean));
  const zeros = Array<string>(8 - (front?.length ?? 0) - (back?.length ?? 0)).fill('0');
  return [...(front ?? []), ...zeros, ...(back ?? [])].slice(0, 4).join(':');
}
