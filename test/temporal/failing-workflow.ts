/** What `collectInvoice` would be after a release that cannot go on with the files it finds: each task of it fails. */
export function collectInvoice(): Promise<never> {
  throw new TypeError('a field that nobody stored');
}
