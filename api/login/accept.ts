import { setPassword } from '../../db/credentials.ts';
import { invitedBy, takeInvitation, voidInvitations } from '../../db/invitations.ts';
import { endSessionsOf } from '../../db/sessions.ts';
import { renameUser } from '../../db/users.ts';
import { Problem } from '../problem.ts';
import type { LoginParts } from './log-in.ts';
import { hashOfPassword, mustBeChoosable } from './passwords.ts';

/**
 * Using a one-time link: its holder chooses the password of the user that it was made for.
 *
 * A password that may not be chosen, or a name that is taken, leaves the link as it was; of two who use it at once one
 * comes too late. Nobody is logged in by it: whoever chose a password knows it.
 */
export async function acceptInvitation(
  { house, login }: LoginParts,
  given: { readonly token: string; readonly password: string; readonly name?: string | undefined },
): Promise<{ readonly userId: string }> {
  const user = await invitedBy(house.db, login.machine(), given.token);
  if (!user) throw worthless();
  await mustBeChoosable(given.password, [user.name, user.email, given.name ?? null]);
  const hash = await hashOfPassword(given.password);
  return house.db.transaction().execute(async (tx) => {
    const [machine, now] = [login.machine(), await house.clock.now()];
    const taken = await takeInvitation(tx, machine, now, given.token);
    if (!taken) throw worthless();
    const { userId, purpose } = taken;
    if (given.name !== undefined && given.name !== user.name) {
      // Files are somebody's by the name that stands in them: who chose his own could choose whose files he sees.
      if (purpose !== 'first-admin') throw nameGiven();
      if (!(await renameUser(tx, now, userId, given.name))) throw nameTaken(given.name);
    }
    await setPassword(tx, machine, now, userId, hash, userId);
    await voidInvitations(tx, machine, userId);
    await endSessionsOf(tx, machine, now, userId, { because: 'password', by: userId });
    return { userId };
  });
}

/** Never given out, used, replaced or too old: whoever tries is told no more. */
function worthless(): Problem {
  return new Problem({
    status: 404,
    code: 'invitation-unknown',
    title: 'The link opens nothing.',
    detail: 'It was used, replaced by a later one, or is too old.',
    remedy: 'Ask an administrator for a new one.',
  });
}

function nameGiven(): Problem {
  return Problem.invalid(
    'name',
    'Your administrator has given you your name.',
    'Leave it out, and ask him to change it.',
  );
}

export function nameTaken(name: string): Problem {
  return Problem.conflict(
    'name-taken',
    'Somebody is known by this name.',
    `Somebody is, or was, known as "${name}" or by the mail address given, in whichever letters.`,
    'Choose another name or address: files are found by them, and nobody is to get those of another.',
    'name',
  );
}
