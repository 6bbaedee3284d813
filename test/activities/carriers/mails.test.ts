import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { composeMail } from '../../../activities/compose/mail.ts';
import type { Outgoing } from '../../../activities/carriers/carrier.ts';
import { sendGridCarrier } from '../../../activities/carriers/sendgrid.ts';
import { smtpCarrier } from '../../../activities/carriers/smtp.ts';
import { debtorTemplateKeys } from '../../../domain/message.ts';
import { openMailServer } from '../../fakes/mail-server.ts';
import type { MailServer, ReceivedMail } from '../../fakes/mail-server.ts';
import { openFakeSendGrid, sendGridApi } from '../../fakes/sendgrid.ts';
import type { FakeSendGrid, SendGridMail } from '../../fakes/sendgrid.ts';
import { figuresOf } from '../compose/figures.ts';
import { mailTo, nobodySays, patient } from './outgoing.ts';

const from = 'relances@martin.example';
const senderName = 'Société Générale d’Ébénisterie « Été » & Fils, œuvre n° 1';

let server: MailServer;
let sendGrid: FakeSendGrid;

beforeAll(async () => {
  server = await openMailServer();
  sendGrid = await openFakeSendGrid();
});
afterAll(async () => {
  await server.close();
  await sendGrid.close();
});
beforeEach(() => {
  server.mails.length = 0;
  sendGrid.mails.length = 0;
});
afterEach(() => {
  expect(sendGrid.server.faults.splice(0)).toEqual([]);
});

describe('a French mail', () => {
  it.each(debtorTemplateKeys)('arrives by SMTP field for field as it was composed: %s', async (template) => {
    const message = await composed(template);

    const { mail, envelope, raw } = await bySmtp(message);

    expect(envelope).toEqual({ from, to: [message.recipient] });
    expect(mail.from).toMatchObject({ address: from, name: senderName });
    expect(mail.to).toEqual([{ address: message.recipient, name: '' }]);
    expect(mail.replyTo).toMatchObject([{ address: 'compta@martin.example' }]);
    expect([mail.cc, mail.bcc]).toEqual([undefined, undefined]);
    expect(mail.subject).toBe(message.subject);
    expect(mail.messageId).toBe(`<${message.messageId}@martin.example>`);
    expect(headerOf(mail, 'x-relance-message')).toEqual([message.messageId]);
    expect(linesOf(mail.text)).toBe(linesOf(message.text));
    expect(linesOf(mail.html)).toBe(linesOf(message.html));
    expect(picturesIn(mail)).toEqual(picturesOf(message));
    expect(headerOf(mail, 'list-unsubscribe')).toEqual([]);
    // Old mail servers take neither longer lines nor other signs.
    expect(raw.split('\r\n').filter((line) => line.length > 998)).toEqual([]);
    expect(raw).toMatch(/^[\x00-\x7f]*$/);
  });

  it.each(debtorTemplateKeys)(
    'is handed to SendGrid field for field as it was composed: %s',
    async (template) => {
      const message = await composed(template);

      const mail = await bySendGrid(message);

      expect(mail).toEqual({
        personalizations: [
          { to: [{ email: message.recipient }], custom_args: { relance_message: message.messageId } },
        ],
        from: { email: from, name: senderName },
        reply_to: { email: 'compta@martin.example' },
        subject: message.subject,
        content: [
          { type: 'text/plain', value: message.text },
          { type: 'text/html', value: message.html },
        ],
        ...(message.inline.length === 0
          ? {}
          : {
              attachments: message.inline.map((picture) => ({
                content: picture.bytes.toString('base64'),
                type: 'image/png',
                filename: picture.filename,
                disposition: 'inline',
                content_id: picture.cid,
              })),
            }),
        headers: {
          'X-Relance-Message': message.messageId,
          'Message-ID': `<${message.messageId}@martin.example>`,
        },
        tracking_settings: {
          click_tracking: { enable: false, enable_text: false },
          open_tracking: { enable: false },
          subscription_tracking: { enable: false },
        },
      });
    },
  );

  it('carries its picture, so that the comparison above has one', async () => {
    const message = await composed('reminder');

    expect(message.inline.length).toBeGreaterThan(0);
    expect(message.html).toContain(`cid:${message.inline[0]!.cid}`);
  });
});

describe('a mail with papers', () => {
  const attached = [
    {
      filename: 'Bon de livraison n° 4711.pdf',
      contentType: 'application/pdf',
      bytes: Buffer.from('%PDF-1.7\n€'),
    },
    { filename: 'note.txt', contentType: 'text/plain; charset=utf-8', bytes: Buffer.from('Reçu.') },
  ];

  it('carries them by SMTP, byte for byte and under their names, none of them shown inside it', async () => {
    const { mail } = await bySmtp(mailTo('dupont@debiteur.example', { attached }));

    expect(
      mail.attachments.map(({ filename, mimeType, disposition, content }) => ({
        filename,
        mimeType,
        disposition,
        text: Buffer.from(content as ArrayBuffer).toString(),
      })),
    ).toEqual([
      {
        filename: 'Bon de livraison n° 4711.pdf',
        mimeType: 'application/pdf',
        disposition: 'attachment',
        text: '%PDF-1.7\n€',
      },
      { filename: 'note.txt', mimeType: 'text/plain', disposition: 'attachment', text: 'Reçu.' },
    ]);
  });

  it('carries them by SendGrid, which takes no parameter of a type', async () => {
    const { attachments } = await bySendGrid(mailTo('dupont@debiteur.example', { attached }));

    expect(attachments).toEqual([
      {
        filename: 'Bon de livraison n° 4711.pdf',
        type: 'application/pdf',
        disposition: 'attachment',
        content: Buffer.from('%PDF-1.7\n€').toString('base64'),
      },
      {
        filename: 'note.txt',
        type: 'text/plain',
        disposition: 'attachment',
        content: Buffer.from('Reçu.').toString('base64'),
      },
    ]);
  });
});

// Names and subjects come from files of others; whoever wrote them must not write headers.
describe('a line break in what people and files say', () => {
  const breaks = ['\r\n', '\n', '\r', '\r\n ', '\u0000', '\u2028', '\u0085'];
  const hostile = (end: string): string => `Martin${end}Bcc: thief@evil.example${end}${end}<script>`;

  it.each(breaks)('writes no header by SMTP: %j', async (end) => {
    const message = mailTo('dupont@debiteur.example', {
      subject: hostile(end),
      from: { name: hostile(end), replyTo: `compta@martin.example${end}Bcc: thief@evil.example` },
    });

    const { mail, envelope, raw } = await bySmtp(message);

    expect(envelope.to).toEqual(['dupont@debiteur.example']);
    expect(headersOf(raw)).toEqual([
      'content-type',
      'date',
      'from',
      'message-id',
      'mime-version',
      'subject',
      'to',
      'x-relance-message',
    ]);
    expect(mail.bcc).toBeUndefined();
    expect(mail.from?.address).toBe(from);
  });

  it.each(breaks)('reaches SendGrid as a blank: %j', async (end) => {
    const message = mailTo('dupont@debiteur.example', {
      subject: hostile(end),
      from: { name: hostile(end), replyTo: '' },
    });

    const mail = await bySendGrid(message);

    for (const text of [mail.subject, mail.from.name])
      expect(text).toMatch(/^Martin Bcc: thief@evil\.example +<script>$/);
    expect(mail.reply_to).toBeUndefined();
  });
});

describe('the pretended SendGrid', () => {
  // What it never refused would prove nothing about what we send.
  it.each([
    ['a field that there is not', { ...right(), bcc: 'x' }],
    ['a personalization without a recipient', { ...right(), personalizations: [{}] }],
    ['no content', { ...right(), content: undefined }],
    [
      'a custom argument that is no text',
      {
        ...right(),
        personalizations: [{ to: [{ email: 'a@b.example' }], custom_args: { relance_message: 1 } }],
      },
    ],
    ['a header that SendGrid keeps for itself', { ...right(), headers: { Subject: 'x' } }],
    ['a switch of the wrong type', { ...right(), tracking_settings: { open_tracking: { enable: 'no' } } }],
  ])('refuses %s', async (_, body) => {
    const response = await posted(body);

    expect(response.status).toBe(400);
    expect(sendGrid.server.faults.splice(0)).not.toEqual([]);
    expect(sendGrid.mails).toEqual([]);
  });

  it('takes what is right', async () => {
    expect((await posted(right())).status).toBe(202);
  });

  it.runIf(sendGridApi)('listens where the published description says that SendGrid does', () => {
    expect(sendGridApi?.paths).toContain('/v3/mail/send');
  });
});

function right(): object {
  return {
    personalizations: [{ to: [{ email: 'dupont@debiteur.example' }] }],
    from: { email: from },
    subject: 'x',
    content: [{ type: 'text/plain', value: 'x' }],
  };
}

function posted(body: object): Promise<Response> {
  return fetch(`${sendGrid.server.url}/v3/mail/send`, {
    method: 'POST',
    headers: { authorization: `Bearer ${sendGrid.apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

async function composed(template: (typeof debtorTemplateKeys)[number]): Promise<Outgoing> {
  const { subject, html, text, inline } = await composeMail(figuresOf({ template }));
  return mailTo('dupont@debiteur.example', {
    from: { name: senderName, replyTo: 'compta@martin.example' },
    subject,
    html,
    text,
    inline,
  });
}

async function bySmtp(message: Outgoing): Promise<ReceivedMail> {
  const carrier = smtpCarrier(
    { kind: 'smtp', name: 'mails', host: '127.0.0.1', port: server.port, secure: false, from, perSecond: 5 },
    nobodySays,
  );
  expect(await carrier.send(message, patient())).toMatchObject({ kind: 'accepted' });
  return server.mails[0]!;
}

async function bySendGrid(message: Outgoing): Promise<SendGridMail> {
  const { apiKey, server: http } = sendGrid;
  const carrier = sendGridCarrier(
    {
      kind: 'sendgrid',
      name: 'mails',
      apiKey,
      from,
      eventKeys: [],
      host: 'eu',
      perSecond: 10,
      baseUrl: http.url,
    },
    nobodySays,
  );
  expect(await carrier.send(message, patient())).toMatchObject({ kind: 'accepted' });
  return sendGrid.mails[0]!;
}

/** The mail's own line ends are its carrier's business; every other sign must be the same. */
function linesOf(text: string | null | undefined): string {
  return (text ?? '').replaceAll('\r\n', '\n').trimEnd();
}

function headerOf({ headers }: ReceivedMail['mail'], key: string): readonly string[] {
  return headers.filter((header) => header.key === key).map(({ value }) => value);
}

function headersOf(raw: string): readonly string[] {
  const [head = ''] = raw.split('\r\n\r\n');
  return [...head.matchAll(/^([\w-]+):/gm)].map(([, key = '']) => key.toLowerCase()).sort();
}

function picturesOf({ inline }: Outgoing): object[] {
  return inline.map((picture) => ({
    cid: `<${picture.cid}>`,
    type: picture.contentType,
    bytes: picture.bytes.toString('hex'),
  }));
}

function picturesIn({ attachments }: ReceivedMail['mail']): object[] {
  return attachments.map((one) => ({
    cid: one.contentId,
    type: one.mimeType,
    bytes: Buffer.from(one.content as ArrayBuffer).toString('hex'),
  }));
}
