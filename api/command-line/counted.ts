/** So many of a thing, as people say it: `1 invoice`, `2 invoices`. */
export function counted(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`;
}
