import { setTimeout as pause } from 'node:timers/promises';
import type { Db } from '../../db/database.ts';
import { leaveAlone, takeTurn } from '../../db/pace.ts';
import type { Channel } from '../../domain/message.ts';
import type { Account, Accounts } from './accounts.ts';
import type { Carrier, CarrierOutcome } from './carrier.ts';
import { hearsayIn } from './hearsay.ts';
import type { Hearsay } from './hearsay.ts';
import { LeftAlone } from './left-alone.ts';
import { outboxCarrier } from './outbox.ts';
import { sendGridCarrier } from './sendgrid.ts';
import { smtpCarrier } from './smtp.ts';
import { twilioCarrier } from './twilio.ts';

/** What the choice of a carrier depends on. */
export interface Addressed {
  readonly channel: Channel;
  readonly purpose: 'contact' | 'internal' | 'sample' | 'word';
  /** Whether it is about a debtor of the demonstration. */
  readonly demonstration: boolean;
  /** What its creditor chose; null for the installation's default. */
  readonly mailAccount: string | null;
  readonly smsAccount: string | null;
}

/** The carriers of an installation, and the choice among them. */
export interface Carriers {
  /** Who carries a message that is about to leave. */
  carrierFor(message: Addressed): Carrier;
  /** Who had a message: the account that is written on it, whatever its creditor chooses today. */
  carrierThatHad(message: Addressed & { readonly account: string | null }): Carrier;
  /** Waits for the carrier's turn to be called; answers how long to stay away when that would be too long. */
  turnOf(carrier: Carrier): Promise<{ readonly awayMs: number } | null>;
  /** Tells what a call has shown of the carrier's limits. */
  learn(carrier: Carrier, outcome: CarrierOutcome): Promise<void>;
}

/** A delivery waits no longer for its turn: it holds a place in the queue that messages of other accounts need. */
const waitMsMax = 3_000;

/** How long a message stays that names an account which nobody has configured. */
const unconfiguredMs = 600_000;

/**
 * Opens the carriers of the configured accounts.
 *
 * The rate of an account is kept by a row of Postgres and not by Temporal's limit of a task queue: which account carries
 * a message is known at its claim, long after the queue was chosen, and one delivery looks at a debtor of several
 * creditors.
 */
export function carriersOf(accounts: Accounts, db: Db): Carriers {
  const hearsay = hearsayIn(db);
  const leftAlone = new LeftAlone();
  const byName = new Map(
    [...accounts.byName.values()].map((account) => [account.name, carrierOf(account, accounts, hearsay)]),
  );
  const named = (name: string): Carrier => byName.get(name) ?? unconfigured(name, hearsay);
  const carrierFor = (message: Addressed): Carrier => {
    // Demonstration debtors are reached in the built-in outbox only, whatever the settings.
    if (message.demonstration) return outboxCarrier;
    if (message.channel === 'sms' && message.purpose === 'contact')
      return named(message.smsAccount ?? accounts.defaultSms);
    const isOurs = message.purpose === 'internal' || message.purpose === 'sample';
    const chosen = isOurs ? null : message.mailAccount;
    return named(chosen ?? accounts.defaultMail);
  };
  return {
    carrierFor,
    carrierThatHad: (message) => (message.account === null ? carrierFor(message) : named(message.account)),
    async turnOf({ name }) {
      const account = byName.has(name) ? accounts.byName.get(name) : undefined;
      if (!account || account.kind === 'outbox') return null;
      const turn = await takeTurn(db, name, account.perSecond, waitMsMax);
      if (turn.kind === 'later') return { awayMs: turn.afterMs };
      if (turn.waitMs > 0) await pause(turn.waitMs);
      const awayMs = leftAlone.askMs(name);
      return awayMs > 0 ? { awayMs } : null;
    },
    async learn({ name }, outcome) {
      const ms = leftAlone.hear(name, outcome);
      if (ms !== null) await leaveAlone(db, name, ms);
    },
  };
}

/** One carrier for everything but demonstrations, at any rate: for tests, and for lives of the past. */
export function onlyThrough(carrier: Carrier): Carriers {
  const carrierFor = ({ demonstration }: Addressed): Carrier => (demonstration ? outboxCarrier : carrier);
  return {
    carrierFor,
    carrierThatHad: carrierFor,
    turnOf: () => Promise.resolve(null),
    learn: () => Promise.resolve(),
  };
}

function carrierOf(account: Account, { publicUrl }: Accounts, hearsay: Hearsay): Carrier {
  switch (account.kind) {
    case 'smtp':
      return smtpCarrier(account, hearsay);
    case 'sendgrid':
      return sendGridCarrier(account, hearsay);
    case 'twilio':
      return twilioCarrier(account, publicUrl ?? '', hearsay);
    case 'outbox':
      return outboxCarrier;
  }
}

/** An account that a creditor chose, and that is not configured here (any more): nothing leaves, and nothing is lost. */
function unconfigured(name: string, hearsay: Hearsay): Carrier {
  return {
    name,
    send: () =>
      Promise.resolve({ kind: 'not_sent', reason: 'account_not_configured', retryAfterMs: unconfiguredMs }),
    evidence: (messageId) => hearsay.evidenceOf(messageId),
  };
}
