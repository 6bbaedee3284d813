import { describe, expect, it, onTestFinished } from 'vitest';
import type { Carrier, Outgoing } from '../../activities/carriers/carrier.ts';
import { buildApi } from '../../api/app.ts';
import { followReports } from '../../db/delivery-reports.ts';
import { atTheDesk, ourselves } from '../../db/desk.ts';
import { addDocument } from '../../db/dispute-file.ts';
import {
  accountsReportedBy,
  mailEvent,
  ReportingSendGrid,
  ReportingTwilio,
  textStatus,
} from '../fakes/reporting-providers.ts';
import { begin } from './world.ts';
import type { Story } from './world.ts';
import { settingsWith } from '../setup/settings.ts';

/**
 * Stories of messages of which a provider reports later what became of them, through the signed webhooks that it would
 * use, and followed as the workers do.
 */
async function reported(day: string) {
  const left: Outgoing[] = [];
  const carrier: Carrier = {
    name: 'mail',
    send: (message) => {
      left.push(message);
      return Promise.resolve({ kind: 'accepted', ref: message.messageId });
    },
    evidence: () => Promise.resolve({ kind: 'silent' }),
  };
  const story = await begin({ day, carrier });
  const [sendgrid, text] = [new ReportingSendGrid(), new ReportingTwilio()];
  const { house } = story.engine;
  const app = await buildApi({
    house,
    config: settingsWith(),
    accounts: accountsReportedBy({ sendgrid, text }),
  });
  onTestFinished(() => app.close());

  /** The provider reports of the last message to that address. */
  const reports = async (event: string, recipient: string, more: object = {}): Promise<void> => {
    const message = left.findLast((one) => one.recipient === recipient);
    if (!message)
      throw new Error(`nothing has left to ${recipient}: ${left.map((one) => one.recipient).join()}`);
    const call =
      message.channel === 'sms'
        ? text.call({ ...textStatus(event), ...more }, { messageId: message.messageId })
        : sendgrid.call([mailEvent(event, message.messageId, more)]);
    const { statusCode } = await app.inject(call);
    expect(statusCode).toBe(204);
    await followReports(house, (line, detail) => {
      throw new Error(`${line} ${JSON.stringify(detail)}`);
    });
    await story.engine.settle();
  };
  return { story, reports, left };
}

const nobody = { email: null, mobile: null, phone: null, address: [] };

const went = async (debtor: Awaited<ReturnType<Story['debtor']>>) =>
  (await debtor.letters()).map(({ day, channel, recipient }) => `${day} ${channel} ${recipient}`);

describe('a mail about a dispute', () => {
  it('carries the papers for the debtor and names them; when it comes back a person is asked for an address', async () => {
    const { story, reports, left } = await reported('2026-03-16');
    const debtor = await story.debtor({ contacts: [{ ...nobody, email: 'compta@societe.example' }] });
    const invoice = await debtor.owes({ number: 'F-1', amount: 1200, due: '2026-03-16' });
    const dispute = await invoice.disputes(200);
    const bytes = Buffer.from('%PDF-1.7 bon de livraison');
    const paper = { name: 'Bon 4711.pdf', mediaType: 'application/pdf', bytes };
    await atTheDesk(story.engine.house, [debtor.id], (desk) =>
      addDocument(desk, { invoiceId: invoice.id, disputeId: dispute.id, way: 'to_debtor' }, paper, ourselves),
    );

    await dispute.says('Voici le bon signé.');
    await story.until('2026-03-17');
    const [mail] = left;
    expect(mail?.attached).toEqual([{ filename: 'Bon 4711.pdf', contentType: 'application/pdf', bytes }]);
    expect(mail?.text).toContain('Pièce jointe\u00a0: Bon 4711.pdf');
    await reports('bounce', 'compta@societe.example', { type: 'bounce', status: '5.1.1' });
    await reports('bounce', 'compta@societe.example', { type: 'bounce', status: '5.1.1' });

    const { items } = await story.people.ask('GET', `/tasks?invoice=${invoice.id}&kind=bounced_late`);
    expect(items).toMatchObject([{ messageId: mail?.messageId, dueOn: '2026-03-19' }]);
    await story.people.answersTask(invoice.id, 'bounced_late', 'done');
    const after = await story.people.ask('GET', `/tasks?invoice=${invoice.id}&kind=bounced_late`);
    expect(after.items).toEqual([]);
  });

  it('does not leave any more once the invoice is settled', async () => {
    const { story, left } = await reported('2026-03-16');
    const debtor = await story.debtor();
    const invoice = await debtor.owes({ number: 'F-1', amount: 1200, due: '2026-03-16' });
    const dispute = await invoice.disputes(200);
    const stop = await story.people.stops('debtor', debtor.id);
    await dispute.says('Nous attendons votre réponse.');

    await invoice.pays();
    await story.people.lifts(stop);
    await story.until('2026-03-20');

    expect(left).toEqual([]);
    expect(await dispute.sent()).toEqual(['cancelled']);
  });
});

describe('a mail whose provider reports that it came back', () => {
  it('goes to the next contact, then by telephone, and at last a person is asked for an address', async () => {
    const { story, reports } = await reported('2026-03-16');
    const debtor = await story.debtor({
      contacts: [
        { ...nobody, email: 'first@societe.example' },
        { ...nobody, email: 'second@societe.example', phone: '+33472123456' },
      ],
    });
    const invoice = await debtor.owes({ number: 'F-1', amount: 1200, due: '2026-03-16' });

    await story.until('2026-03-19');
    await reports('bounce', 'first@societe.example', { type: 'bounce', status: '5.1.1' });
    await story.until('2026-03-24');
    await reports('bounce', 'second@societe.example', { type: 'bounce', status: '5.1.1' });
    await story.until('2026-03-31');

    expect(await went(debtor)).toEqual([
      '2026-03-19 email first@societe.example',
      '2026-03-23 email second@societe.example',
      '2026-03-25 call +33472123456',
    ]);
    expect(await invoice.tasks()).toEqual(['call']);
    expect((await invoice.file()).debtor.reach).toEqual({ email: 0, sms: 0, call: 1, letter: 0 });

    await invoice.task('call', 'wrong_number');
    await story.until('2026-04-01');
    expect(await invoice.tasks()).toEqual(['unreachable']);
    expect((await went(debtor)).length).toBe(3);
  });

  it('after it has counted as arrived keeps its level, and a person looks at why it came back', async () => {
    const { story, reports } = await reported('2026-03-16');
    const debtor = await story.debtor({ contacts: [{ email: 'only@societe.example' }] });
    const invoice = await debtor.owes({ number: 'F-1', amount: 1200, due: '2026-03-16' });

    await story.until('2026-03-23');
    await reports('bounce', 'only@societe.example', { type: 'bounce' });

    expect(await invoice.tasks()).toEqual(['bounced_late']);
    expect((await invoice.file()).steps.map(({ step, state }) => `${step} ${state}`)).toContain(
      'reminder taken',
    );
    expect((await invoice.file()).debtor.reach.email).toBe(0);
  });

  it('for a while only, is told and waited for; given up, it is sent again', async () => {
    const { story, reports } = await reported('2026-03-16');
    const debtor = await story.debtor({ contacts: [{ ...nobody, email: 'full@societe.example' }] });
    await debtor.owes({ number: 'F-1', amount: 1200, due: '2026-03-16' });

    await story.until('2026-03-19');
    await reports('deferred', 'full@societe.example', { response: '452 mailbox full' });
    expect(await went(debtor)).toEqual(['2026-03-19 email full@societe.example']);
    await reports('dropped', 'full@societe.example', { reason: 'Unable to deliver' });
    await story.until('2026-03-24');

    expect(await went(debtor)).toEqual([
      '2026-03-19 email full@societe.example',
      '2026-03-23 email full@societe.example',
    ]);
  });
});

describe('a mail whose reader marks it as spam', () => {
  it('is the last one to him: the next step goes by letter', async () => {
    const { story, reports } = await reported('2026-03-16');
    const debtor = await story.debtor({ contacts: [{ email: 'angry@societe.example' }] });
    await debtor.owes({ number: 'F-1', amount: 1200, due: '2026-03-16' });

    await story.until('2026-03-19');
    await reports('delivered', 'angry@societe.example');
    await reports('spamreport', 'angry@societe.example');
    await story.until('2026-04-03');

    const all = await went(debtor);
    expect(all[0]).toBe('2026-03-19 email angry@societe.example');
    expect(all.slice(1).map((line) => line.split(' ')[1])).toEqual(['letter']);
  });
});

describe('a text message to a number that answered STOP before', () => {
  it('fails, and is followed by a mail', async () => {
    const { story, reports } = await reported('2026-03-16');
    const debtor = await story.debtor({
      scenario: 'risky',
      contacts: [{ email: 'compta@societe.example', mobile: '+33612345678' }],
    });
    const invoice = await debtor.owes({ number: 'F-1', amount: 1200, due: '2026-03-16' });

    await story.until('2026-03-24');
    await reports('undelivered', '+33612345678', { ErrorCode: '21610' });
    await story.until('2026-03-27');

    expect((await went(debtor)).map((line) => line.split(' ').slice(1).join(' '))).toEqual([
      'email compta@societe.example',
      'sms +33612345678',
      'email compta@societe.example',
    ]);
    expect((await invoice.file()).debtor.reach).toMatchObject({ sms: 0, email: 1 });
  });
});

// F10.
describe('a mail of which nobody ever reports anything', () => {
  it('counts after two days and is recognisable as unconfirmed; one that is reported counts at once', async () => {
    const { story, reports } = await reported('2026-03-16');
    const [silent, heard] = [
      await story.debtor({ contacts: [{ ...nobody, email: 'silent@societe.example' }] }),
      await story.debtor({ contacts: [{ ...nobody, email: 'heard@societe.example' }] }),
    ];
    const [first, second] = [
      await silent.owes({ number: 'F-1', amount: 1200, due: '2026-03-16' }),
      await heard.owes({ number: 'F-2', amount: 1200, due: '2026-03-16' }),
    ];
    const proofs = async () => {
      const { items } = await story.people.ask('GET', '/messages?channel=email');
      return Object.fromEntries(
        (items as unknown as { recipient: string; deliveryProof: string | null }[]).map((one) => [
          one.recipient.split('@')[0],
          one.deliveryProof,
        ]),
      );
    };

    await story.until('2026-03-19');
    await reports('delivered', 'heard@societe.example');
    expect([await first.state(), await second.state()]).toEqual(['on_its_way', 'waiting']);
    expect(await proofs()).toEqual({ silent: 'awaited', heard: 'proven' });
    await story.until('2026-03-23');

    expect([await first.state(), await second.state()]).toEqual(['waiting', 'waiting']);
    expect(await proofs()).toEqual({ silent: 'none', heard: 'proven' });
  });
});
