import type { Carrier } from './carrier.ts';

/**
 * The built-in outbox: every message is stored and shown, none leaves the house.
 *
 * It is what an installation without keys uses, and where all demonstration debtors are reached whatever the settings.
 * The stored message is the delivery, so a message whose outcome was never written was never delivered.
 */
export const outboxCarrier: Carrier = {
  name: 'outbox',
  send: (message) => Promise.resolve({ kind: 'delivered', ref: message.messageId }),
  evidence: () => Promise.resolve({ kind: 'absent' }),
};
