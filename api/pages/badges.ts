import type { Level } from '../../domain/level.ts';
import type { MessageState } from '../../db/schema.ts';
import { markup } from './html.ts';
import type { Html } from './html.ts';

/** Short words in a coloured frame; the colour only repeats what the word says. */
export function levelBadge(level: Level, words: string): Html {
  const tone =
    level === 'formal_notice' || level === 'litigation' ? 'bad' : level === 'firm' ? 'warn' : 'brand';
  return markup`<span class="badge ${tone}">${words}</span>`;
}

export function deliveryBadge(state: MessageState, words: string): Html {
  const tones: Readonly<Partial<Record<MessageState, string>>> = {
    accepted: 'good',
    delivered: 'good',
    bounced: 'bad',
    complained: 'bad',
    refused: 'bad',
    unknown: 'warn',
    claimed: 'warn',
  };
  return markup`<span class="badge ${tones[state] ?? ''}">${words}</span>`;
}

export function stateBadge(state: string, words: string): Html {
  const tone =
    state === 'paid' || state === 'small_difference'
      ? 'good'
      : ['to_do', 'awaiting_approval', 'to_confirm', 'disputed', 'held'].includes(state)
        ? 'warn'
        : ['notice_running', 'handed_over', 'written_off'].includes(state)
          ? 'bad'
          : 'brand';
  return markup`<span class="badge ${tone}">${words}</span>`;
}
