import type { Recorded } from './answers.ts';
import type { Command } from './command.ts';
import { needed, sayRecorded, uuidGiven } from './fact-commands.ts';
import { dayTyped } from './typed.ts';

/** What the post says of registered letters, from whose presentation the days of a notice run. */
export const letterCommands: readonly Command[] = [
  {
    name: 'letter',
    usage: 'MESSAGE STATE --on DAY [--presented DAY] [--reason CODE] [--proof NUMBER] [--comment TEXT]',
    summary: 'Say what became of a posted letter: presented, received, refused, returned or expired',
    options: {
      on: { type: 'string' },
      presented: { type: 'string' },
      reason: { type: 'string' },
      proof: { type: 'string' },
      comment: { type: 'string' },
    },
    words: [2, 2],
    run: async ({ client, words: [message = '', state = ''], options }) => {
      const { presented, reason, proof, comment } = options;
      const id = uuidGiven(message, 'message');
      const { invoices } = await client.post<{ invoices: readonly Recorded[] }>(`/v1/messages/${id}/letter`, {
        state,
        on: dayTyped(needed(options, 'on', 'today')),
        ...(presented === undefined ? {} : { presentedOn: dayTyped(presented) }),
        ...(reason === undefined ? {} : { reason }),
        ...(proof === undefined ? {} : { proof }),
        ...(comment === undefined ? {} : { comment }),
      });
      for (const recorded of invoices) sayRecorded(recorded);
    },
  },
];
