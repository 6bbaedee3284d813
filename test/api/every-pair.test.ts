import { describe, expect, it } from 'vitest';
import { exampleFiles } from '../../api/reference/example-files.ts';
import { outcomes } from '../../api/reference/states.ts';
import { isClosed } from '../../domain/collection.ts';
import type { State } from '../../domain/decision.ts';
import { factKinds } from '../../domain/fact-kinds.ts';
import type { FactType } from '../../domain/fact.ts';

describe('every pair of state and fact', () => {
  const files = exampleFiles();
  const all = outcomes();
  const closed = [...files].filter(([, file]) => isClosed(file.collection)).map(([state]) => state);
  const open = [...files.keys()].filter((state) => !closed.includes(state));

  it('has an answer, for all facts and all states', () => {
    expect([...all.keys()].sort()).toEqual(Object.keys(factKinds).sort());
    for (const row of all.values()) expect([...row.keys()]).toEqual([...files.keys()]);
    expect(closed).toEqual(['paid', 'small_difference', 'cancelled', 'written_off', 'handed_over']);
  });

  it('is refused only where the catalogue of facts says that it can be', () => {
    for (const [type, row] of all)
      for (const [state, outcome] of row)
        if (outcome.kind === 'refused') expect([type, state, factKinds[type].refusable]).toContain(true);
  });

  it('opens a closed file by money that comes back, and by nothing else', () => {
    const opening = [...all].flatMap(([type, row]) =>
      closed.filter((state) => leadsTo(row, state, open)).map((state) => `${type} ${state}`),
    );
    expect(opening.sort()).toEqual([
      'paymentReturned cancelled',
      'paymentReturned paid',
      'paymentReturned small_difference',
      'paymentReturned written_off',
    ]);
  });

  it('silences an open file by an objection, a promise, a hold or an insolvency, whatever it was doing', () => {
    const silencing: Partial<Record<FactType, State>> = {
      disputeOpened: 'disputed',
      promiseMade: 'promised',
      holdPlaced: 'held',
      debtorInsolvent: 'held',
    };
    const working: State[] = [
      'waiting',
      'at_the_door',
      'awaiting_approval',
      'on_its_way',
      'to_confirm',
      'to_do',
    ];
    for (const [type, silent] of Object.entries(silencing))
      for (const state of working)
        expect([type, state, all.get(type as FactType)?.get(state)]).toEqual([
          type,
          state,
          { kind: 'state', state: silent },
        ]);
  });
});

function leadsTo(
  row: ReadonlyMap<State, { readonly kind: string; readonly state?: State }>,
  from: State,
  to: readonly State[],
): boolean {
  const { state } = row.get(from) ?? {};
  return state !== undefined && to.includes(state);
}
