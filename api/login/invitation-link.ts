/**
 * The link that a one-time token is given out as.
 *
 * The token stands behind the `#`, which browsers keep to themselves: it comes to no server, log or referrer until its
 * holder presses the button of the page.
 */
export function invitationLink(origin: string, token: string): string {
  return `${origin}/invitation#${token}`;
}
