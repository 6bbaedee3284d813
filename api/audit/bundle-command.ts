import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { noteAccess } from '../../db/audit/accesses.ts';
import { readClock } from '../../db/clock.ts';
import { invoicesNumbered } from '../../db/invoice-reads.ts';
import { Rules } from '../../db/rules.ts';
import { allEyes } from '../../db/visible.ts';
import { languages } from '../../domain/message.ts';
import type { AuditCommand } from '../../temporal/audit/command.ts';
import { openArchive } from '../../temporal/audit/archive/archive.ts';
import { lookingAt, whereOptions } from '../../temporal/whereabouts.ts';
import { bundleOf } from './bundle.ts';
import { discretions } from './third-persons.ts';

/** The file of one invoice, as `GET /v1/invoices/{id}/bundle` answers it, written by whoever runs the machine. */
export const bundleCommand: AuditCommand = {
  usage: `  bundle NUMBER   writes the whole file of an invoice as a ZIP that opens and verifies offline
    --out FILE    where to (default: relance-NUMBER-DAY.zip)
    --language fr|en
    --third-persons full|masked|left_out   what is given of whoever is no party (default masked)
    --id ID       which one, where several invoices bear the number`,

  async run(args, say) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ...whereOptions,
        out: { type: 'string' },
        language: { type: 'string', default: 'fr' },
        'third-persons': { type: 'string', default: 'masked' },
        id: { type: 'string' },
      },
    });
    const [number] = positionals;
    if (number === undefined) throw new Error('Say of which invoice: npm run audit -- bundle NUMBER');
    const language = oneOf(languages, '--language', values.language);
    const thirdPersons = oneOf(discretions, '--third-persons', values['third-persons']);
    return lookingAt(values.data, async ({ db, client, settings }) => {
      const named = await invoicesNumbered(allEyes, db, number);
      const found = named.filter(({ id }) => values.id === undefined || id === values.id);
      const [one, ...others] = found;
      if (!one)
        throw new Error(
          `No invoice bears the number ${number}${values.id === undefined ? '' : ' and that id'}.`,
        );
      if (others.length > 0)
        throw new Error(
          `Several invoices bear the number ${number}; add --id with one of these:\n${found.map(({ id, term, creditorName }) => `  ${id}  ${creditorName}, term ${term}`).join('\n')}`,
        );
      const house = { db, clock: await readClock(db), rules: new Rules() };
      const now = await house.clock.now();
      const access = { by: 'operator', what: 'audit bundle', about: [`invoice/${one.id}`] };
      await db.transaction().execute((tx) => noteAccess(tx, now, access));
      const { name, pieces } = await bundleOf({ house, archive: openArchive(db, settings), client }, one.id, {
        language,
        thirdPersons,
        by: 'operator',
      });
      const out = values.out ?? name;
      await pipeline(pieces, createWriteStream(out, { flags: 'wx' }));
      say(out);
      return 0;
    });
  },
};

function oneOf<Choice extends string>(choices: readonly Choice[], option: string, given: string): Choice {
  const found = choices.find((choice) => choice === given);
  if (found === undefined) throw new Error(`${option} ${given} is none of ${choices.join(', ')}.`);
  return found;
}
