import type { House } from '../../db/house.ts';
import { readDoor } from '../../db/door.ts';
import type { DoorRecords } from '../../db/door.ts';
import { planContacts } from '../../domain/plan-contacts.ts';
import type { Group } from '../../domain/plan-contacts.ts';
import { composeMessage } from './compose-message.ts';
import type { Composed } from './compose-message.ts';
import { isShown } from './draft.ts';
import { figuresFor, occasionOf } from './figures.ts';
import type { Figures } from './figures.ts';

/** A message composed before the lock was taken; used only if its figures still hold under it. */
export interface Prepared {
  readonly figures: Figures;
  readonly composed: Composed;
}

/** Composes what would leave or be shown now, without holding anybody up; undefined when nothing would. */
export async function prepare(house: House, debtorId: string): Promise<Prepared | undefined> {
  const records = await readDoor(house.db, house, debtorId, await house.clock.now());
  if (!records) return undefined;
  const plan = planContacts(records.view);
  // A word leaves first, and is composed in no time.
  if (plan.words.ready) return undefined;
  const group = plan.ready[0] ?? (await firstUnshown(house, records, plan.drafts));
  if (!group) return undefined;
  const figures = figuresFor(records, occasionOf(group));
  return { figures, composed: await compose(records, group, figures) };
}

/** The message as it was prepared, or composed anew when its figures have moved since. */
export async function composedFor(
  records: DoorRecords,
  group: Group,
  figures: Figures,
  prepared: Prepared | undefined,
): Promise<Composed> {
  const asPrepared = prepared && JSON.stringify(prepared.figures.figures) === JSON.stringify(figures.figures);
  return asPrepared ? prepared.composed : compose(records, group, figures);
}

/** A message that cannot be made, and the requests behind it: they are set aside, so that the others still leave (C20). */
export class CannotBeComposed extends Error {
  readonly requestIds: readonly string[];

  constructor(group: Group, cause: unknown) {
    super(`the message for the template ${group.template} cannot be composed`, { cause });
    this.requestIds = group.requests.map((request) => request.requestId);
  }
}

async function compose(records: DoorRecords, group: Group, figures: Figures): Promise<Composed> {
  try {
    return await composeMessage(withFreeText(records, group, figures));
  } catch (fault) {
    throw new CannotBeComposed(group, fault);
  }
}

async function firstUnshown(
  house: House,
  records: DoorRecords,
  drafts: readonly Group[],
): Promise<Group | undefined> {
  for (const group of drafts)
    if (!(await isShown(house.db, group, figuresFor(records, occasionOf(group))))) return group;
  return undefined;
}

/** The words that a person put in place of the template's; they belong to the request that he approved. */
function withFreeText(records: DoorRecords, group: Group, { figures }: Figures): Figures['figures'] {
  const request = records.requests.find((candidate) => candidate.id === group.requests[0]?.requestId);
  return request?.free_text ? { ...figures, freeText: request.free_text } : figures;
}
