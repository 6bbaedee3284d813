import { recordOf } from './collection.ts';
import type { Collection } from './collection.ts';
import { reachOf } from './contact.ts';
import type { Channel } from './message.ts';
import type { Step } from './scenario.ts';

/** How often a channel is tried for one step before the next one. */
const triesMax: Readonly<Record<Channel, number>> = {
  email: 3,
  sms: 2,
  call: 3,
  letter: 2,
  registered_letter: 2,
  internal: 1,
};

/** The first channel of the step that may still be used; undefined when a person has to help. */
export function channelFor(c: Collection, step: Step): Channel | undefined {
  return [step.channel, ...step.fallbacks].find((channel) => isUsable(c, step, channel));
}

/** Whether the channel has a valid address left and has not failed too often for this step. */
export function isUsable(c: Collection, step: Step, channel: Channel): boolean {
  const failures = recordOf(c, step.key)?.failures ?? [];
  const tries = failures.filter((failure) => failure.channel === channel).length;
  return tries < triesMax[channel] && (channel === 'internal' || c.debtor.reach[reachOf(channel)] > 0);
}
