import type { z } from 'zod';
import type { InvoiceFile } from '../db/desk.ts';
import { askedCentsOf } from '../domain/collection.ts';
import type { Collection } from '../domain/collection.ts';
import type { Decision, Reason } from '../domain/decision.ts';
import type { Fact } from '../domain/fact.ts';
import type { Language } from '../domain/message.ts';
import { stepName } from '../domain/scenario.ts';
import { levelReached } from '../domain/schedule.ts';
import type { Instant } from '../domain/time.ts';
import { contextOf, sentenceOf } from './reasons.ts';
import { instantOf, moneyOf } from './shapes.ts';
import type { invoiceInShort, next, reason, recorded } from './shapes.ts';

/**
 * The answer to a fact: the invoice as it stands after it, and what comes next with the reasons.
 *
 * It is made from the desk's file, inside the transaction, so a caller reads his own write at once, whether or not
 * Temporal and the workers are up.
 */
export function recordedAnswer(
  file: InvoiceFile,
  fact: Fact,
  language: Language,
  now: Instant,
): z.infer<typeof recorded> {
  return {
    invoice: shortOf(file, now),
    fact: { number: fact.n, type: fact.type },
    next: nextOf(file.collection, file.decision, language),
  };
}

export function shortOf(file: InvoiceFile, now: Instant): z.infer<typeof invoiceInShort> {
  const { collection, decision } = file;
  return {
    id: file.id,
    number: file.number,
    state: decision.state,
    level: levelReached(collection, now),
    balance: moneyOf(collection.balanceCents, collection.currency),
    asked: moneyOf(askedCentsOf(collection), collection.currency),
  };
}

/** A decision as the API shows it. */
export function nextOf(collection: Collection, decision: Decision, language: Language): z.infer<typeof next> {
  const step = stepNamedBy(decision);
  return {
    decision: decision.kind,
    state: decision.state,
    action: decision.kind === 'act' ? decision.action.do : null,
    step,
    stepName: step === null ? null : stepName(collection.scenario, step, language),
    until: decision.kind === 'wait' ? instantOf(decision.until) : null,
    reasons: reasonsOf(collection, decision.reasons, language),
  };
}

/** Reasons with their sentences. */
export function reasonsOf(
  collection: Collection,
  reasons: readonly Reason[],
  language: Language,
  say = sentenceOf,
): z.infer<typeof reason>[] {
  const context = contextOf(collection, language);
  return reasons.map((given) => ({
    code: given.code,
    text: say(given, context),
    ...(given.step === undefined ? {} : { step: given.step }),
    ...(given.at === undefined ? {} : { at: instantOf(given.at) }),
    ...(given.on === undefined ? {} : { on: given.on }),
    ...(given.cents === undefined ? {} : { amount: moneyOf(given.cents, collection.currency) }),
    ...(given.count === undefined ? {} : { count: given.count }),
    ...(given.detail === undefined ? {} : { detail: given.detail }),
  }));
}

function stepNamedBy(decision: Decision): string | null {
  if (decision.kind === 'close') return null;
  if (decision.kind === 'act' && decision.action.do === 'requestStep') return decision.action.step;
  return decision.standing?.step ?? decision.reasons.find(({ step }) => step !== undefined)?.step ?? null;
}
