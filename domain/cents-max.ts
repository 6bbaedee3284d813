/**
 * The most that one invoice or payment is recorded of, in cents, whichever way it comes: ten billion.
 *
 * No sum of ours is larger: thousands of such are added up, and each sum must still be exact in cents.
 */
export const centsMax = 1_000_000_000_000;
