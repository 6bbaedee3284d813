import type { Accounts } from '../../activities/carriers/accounts.ts';
import { carriersOf } from '../../activities/carriers/carriers.ts';
import type { Carriers } from '../../activities/carriers/carriers.ts';
import type { Db } from '../../db/database.ts';
import type { InvitationPurpose } from '../../db/invitations.ts';
import type { Language } from '../../domain/message.ts';
import type { Instant } from '../../domain/time.ts';
import { momentInWords } from '../words.ts';

/**
 * Sends one-time links to those they are for, by the account that mails to our own users always take.
 *
 * It leaves from the process of the API and at once: a token that waited somewhere for a worker would be one that is kept.
 * For the same reason it is no message of the outbox. Whatever does not surely leave is not sent, and then the link is
 * shown to the administrator, who hands it over.
 */
export interface InvitationMail {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly language: Language;
  readonly purpose: InvitationPurpose;
  readonly link: string;
  readonly expiresAt: Instant;
}

/** True once the carrier has taken it over. */
export type SendInvitation = (mail: InvitationMail) => Promise<boolean>;

/** Null where mails stay in the built-in outbox: everybody who may read that could take the link. */
export function invitationPost(accounts: Accounts, db: Db): SendInvitation | null {
  if (accounts.byName.get(accounts.defaultMail)?.kind === 'outbox') return null;
  const carriers = carriersOf(accounts, db);
  return (mail) => send(carriers, mail);
}

/** Somebody sits before the answer. */
const waitMsMax = 15_000;

async function send(carriers: Carriers, mail: InvitationMail): Promise<boolean> {
  const carrier = carriers.carrierFor({
    channel: 'email',
    purpose: 'internal',
    demonstration: false,
    mailAccount: null,
    smsAccount: null,
  });
  if ((await carriers.turnOf(carrier)) !== null) return false;
  const { subject, text } = words(mail);
  const outgoing = {
    messageId: mail.id,
    channel: 'email',
    recipient: mail.email,
    from: { name: 'Relance', replyTo: '' },
    subject,
    html: null,
    text,
    inline: [],
    attached: [],
  } as const;
  const outcome = await carrier.send(outgoing, AbortSignal.timeout(waitMsMax));
  await carriers.learn(carrier, outcome);
  return outcome.kind === 'accepted' || outcome.kind === 'delivered';
}

/** Text alone: a link that can be read is one that can be checked. */
function words({ name, language, purpose, link, expiresAt }: InvitationMail): {
  readonly subject: string;
  readonly text: string;
} {
  const until = momentInWords(expiresAt, 'Europe/Paris', language);
  const isNew = purpose !== 'reset';
  if (language === 'fr')
    return {
      subject: isNew ? 'Votre accès à Relance' : 'Votre nouveau mot de passe pour Relance',
      text: `Bonjour ${name},

${isNew ? 'Vous êtes invité à travailler avec Relance.' : 'Un administrateur vous permet de choisir un autre mot de passe pour Relance.'} Choisissez votre mot de passe ici :

${link}

Ce lien ouvre une seule fois, jusqu’au ${until} (heure de Paris). Ne le transmettez à personne.

Vous n’attendiez pas ce message ? Ne faites rien, et prévenez votre administrateur.
`,
    };
  return {
    subject: isNew ? 'Your access to Relance' : 'Your new password for Relance',
    text: `Hello ${name},

${isNew ? 'You are invited to work with Relance.' : 'An administrator lets you choose another password for Relance.'} Choose your password here:

${link}

This link opens once, until ${until} (Paris time). Do not pass it on to anybody.

You did not expect this message? Do nothing, and tell your administrator.
`,
  };
}
