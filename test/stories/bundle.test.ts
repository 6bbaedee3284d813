import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { bundleOf } from '../../api/audit/bundle.ts';
import { openArchive } from '../../temporal/audit/archive/archive.ts';
import { settingsWith } from '../setup/settings.ts';
import { UnpackedBundle } from '../setup/unpacked-bundle.ts';
import { liveLong, thirdPersons } from './long-life.ts';
import type { LongLife } from './long-life.ts';
import { begin } from './world.ts';

/*
 * One invoice that had everything: disputed, argued about, promised, the promise broken, paid in part, put on notice, handed
 * over. Whoever gets its file has Node and nothing of ours.
 */
let life: LongLife;
let whole: Buffer;
beforeAll(async () => {
  life = await liveLong();
  whole = await life.bundle('?thirdPersons=full');
}, 180_000);
afterAll(() => life.end());

const unpacked = (): UnpackedBundle => new UnpackedBundle(whole);

/** Verifies with the key that the house has handed out by another way. */
const verified = (bundle: UnpackedBundle, ...more: readonly string[]) => {
  const file = join(mkdtempSync(join(tmpdir(), 'key-')), 'key.pem');
  writeFileSync(file, life.publicKey);
  onTestFinished(() => {
    rmSync(dirname(file), { recursive: true });
  });
  return bundle.verify('--key', file, ...more);
};

/**
 * Where the payment stands in the journal, what follows it, where the journal ends and where it would end without two; where
 * the chain of the rules has noted those of the invoice.
 */
function placesIn(
  bundle: UnpackedBundle,
): Record<'paid' | 'next' | 'end' | 'cut' | 'scenario' | 'calendar', number> {
  const rows = bundle.rows('journal.jsonl');
  const paid: number = rows.find(({ type }) => type === 'paymentRecorded').seq;
  const noted = (rule: string): number =>
    bundle.rows('journal-others.jsonl').find(({ body }) => body.includes(rule)).seq;
  return {
    paid,
    next: paid + 1,
    end: rows.length,
    cut: rows.length - 2,
    scenario: noted('"scenario/standard@1"'),
    calendar: noted('"calendar/FR/Europe/Paris/2026"'),
  };
}

describe('the file of an invoice', () => {
  it('verifies in an empty folder with Node alone, and says what holds in the language that is asked', () => {
    const bundle = unpacked();

    const [french, english] = [verified(bundle), verified(bundle, '--lang', 'en')];

    expect(french).toMatchObject({ code: 0 });
    expect(french.said).toMatch(/31 faits, numérotés sans trou[^]*TOUT TIENT/);
    expect(english.said).toMatch(/31 facts, numbered without a gap[^]*ALL OF IT HOLDS/);
    expect(french.said).toContain(
      '8 attestés par le journal (contenu et destinataire), 0 par le manifeste seul',
    );
    expect(french.said).toMatch(/n° 1 du [-\d]+ : tient les écritures 1 à 52 du dossier/);
    expect(french.said).toMatch(/1 exécutions|[2-9] exécutions/);
    expect(french.said).not.toContain('✗');
    // The key that lies in the folder says nothing about who signed.
    expect(bundle.verify()).toMatchObject({
      code: 0,
      said: expect.stringContaining('elle ne dit pas qui a signé'),
    });
    expect(bundle.verify().said).not.toContain('TOUT TIENT');
  });

  it('is the same to the byte while nothing has happened', async () => {
    const again = await life.bundle('?thirdPersons=full');

    expect(sha256Of(again)).toBe(sha256Of(whole));
  });

  it('tells of every turn of its life on a page that needs no script and no network', () => {
    const bundle = unpacked();
    const page = bundle.read('index.html');

    for (const turn of [
      'Contestation de 2 000,00 €',
      'Contestation rejetée',
      'Promesse de 6 000,00 €',
      'Promesse tenue en partie',
      'Règlement de 3 000,00 €',
      'Lettre de l’étape « Mise en demeure » postée',
      'Dossier transmis au contentieux',
      'Trois portes rayées',
    ])
      expect(page.replace(/[\u00a0\u202f]/g, ' ')).toContain(turn);
    expect(page).not.toMatch(/<script|https?:\/\/|src=/);
    const links = [...page.matchAll(/href="([^"#]+)"/g)].map(([, to]) => decodeURI(to ?? ''));
    expect(links.length).toBeGreaterThan(20);
    expect(links.filter((to) => !bundle.names().includes(to))).toEqual([]);
  });

  it('says of a mail that stayed in the built-in outbox that it is kept there, and never that it was received', async () => {
    const english = new UnpackedBundle(await life.bundle('?thirdPersons=full&language=en'));
    const [page, other] = [unpacked(), english].map((bundle) =>
      bundle
        .read('index.html')
        .replaceAll(/[\u00a0\u202f]/g, ' ')
        .replaceAll('&quot;', '"'),
    );

    expect(page).toContain('Étape « Première relance » gardée dans la boîte d’envoi intégrée le');
    expect(page).toMatch(/E-mail « [^»]+ » à [^(]+\(gardé dans la boîte d’envoi intégrée\)/);
    expect(page).toContain('Étape « Mise en demeure » reçue le');
    expect(page).not.toMatch(/« (Première|Deuxième) relance » reçue|\(reçu\)/);
    expect(other).toContain('Step "First reminder" kept in the built-in outbox on');
    expect(other).toMatch(/\(kept in the built-in outbox\)/);
    expect(other).not.toMatch(/reminder" delivered on|\(delivered\)/);
    const pack = unpacked().json('documents/04-litigation_pack-dossier-F-2026-0117.json') as {
      readonly chronology: readonly { readonly channel: string; readonly outcome: string }[];
    };
    expect(new Set(pack.chronology.map(({ channel, outcome }) => `${channel} ${outcome}`))).toEqual(
      new Set([
        'email gardé dans la boîte d’envoi intégrée',
        'call par une personne',
        'registered_letter par une personne',
      ]),
    );
  });

  it('holds each message as it left: the mail with its picture, the notice as a letter, who got it and when', () => {
    const bundle = unpacked();
    const folders = [...new Set(bundle.names().map((name) => name.split('/').slice(0, 2).join('/')))];

    expect(folders.filter((name) => name.startsWith('messages/'))).toEqual([
      'messages/01-2026-03-09-email-preventive',
      'messages/02-2026-03-19-email-reminder',
      'messages/03-2026-03-25-email-word',
      'messages/04-2026-03-30-email-reminder',
      'messages/05-2026-04-15-email-firm',
      'messages/06-2026-04-22-call-firm',
      'messages/07-2026-04-30-email-firm',
      'messages/08-2026-05-12-registered_letter-formal_notice',
    ]);
    expect(bundle.read('messages/08-2026-05-12-registered_letter-formal_notice/letter.pdf')).toMatch(/^%PDF/);
    expect(bundle.json(bundle.named('02-2026-03-19-email-reminder/headers.json'))).toMatchObject({
      outcome: 'delivered',
      claimedAt: expect.stringMatching(/^2026-03-19T/),
      recipient: expect.stringMatching(/^compta0@/),
      askedCents: 1_248_050,
    });
  });

  it('is taken by those who may see all of it, and by nobody else', async () => {
    const asked = (key: string) =>
      life.app.inject({
        method: 'GET',
        url: `/v1/invoices/${life.invoice.id}/bundle`,
        headers: { authorization: `Bearer ${key}` },
      });

    expect((await asked(life.keys.auditor)).statusCode).toBe(200);
    expect((await asked(life.keys.collector)).statusCode).toBe(403);
  });
});

describe('a third person in the file of an invoice', () => {
  const canaries = [
    thirdPersons.otherContact.name,
    'Lointain',
    thirdPersons.otherContact.email,
    thirdPersons.otherContact.phone,
    'Quenotte',
    thirdPersons.namedMail,
    thirdPersons.clerk,
    'Chloé',
    'Marc',
    'martin.example',
  ];
  /** The creditor’s own address is on every letter. */
  const ofParties = 'compta@martin.example';

  /** As a word of its own: a place is called Marché. */
  const standsIn = (text: string, canary: string): boolean =>
    text.split(canary).some((after, place) => place > 0 && !/^\p{L}/u.test(after));

  const found = (bundle: UnpackedBundle): string[] =>
    canaries.filter((canary) =>
      bundle
        .names()
        .filter((name) => !name.endsWith('.pdf') && name !== 'verify.mjs')
        .some((name) => standsIn(bundle.read(name).replaceAll(ofParties, ''), canary)),
    );

  it('is there where all is asked for: the canaries sing', () => {
    expect(found(unpacked())).toEqual(canaries.filter((canary) => canary !== 'martin.example'));
  });

  it.each(['masked', 'left_out'])('is nowhere in it when %s, and it verifies all the same', async (how) => {
    const bundle = new UnpackedBundle(await life.bundle(`?thirdPersons=${how}`));

    expect(found(bundle)).toEqual([]);
    const { code, said } = bundle.verify();
    expect(code).toBe(0);
    // What is hidden can’t be checked, and nobody is told that all of it was.
    expect(said).toMatch(/CE QUI PEUT ÊTRE VÉRIFIÉ TIENT/);
    expect(said).not.toContain('TOUT TIENT');
  });

  it('is masked unless something else is asked', async () => {
    const bundle = new UnpackedBundle(await life.bundle());

    expect(bundle.json('manifest.json')).toMatchObject({ thirdPersons: 'masked' });
    expect(bundle.rows('texts.jsonl')[0]).toMatchObject({
      state: 'masked',
      content: 'Trois portes rayées, constatées avec Mme [tiers] du transporteur ([tiers]).',
    });
    // Without its salt nobody can try names against the hash in the journal.
    expect(bundle.rows('texts.jsonl')[0]).not.toHaveProperty('salt');
  });

  it('can’t be made the excuse for a change in a file that hides nobody', () => {
    const bundle = unpacked();
    bundle.forgeRows('texts.jsonl', ([first, ...rest]) => [
      { ...first, state: 'masked', content: 'Deux portes.' },
      ...rest,
    ]);
    bundle.coverUp();

    expect(bundle.verify()).toMatchObject({
      code: 1,
      said: expect.stringContaining('✗ texts.jsonl, ligne 1'),
    });
  });
});

/**
 * Each forgery, and by which words the verifier names it. The forger has written the manifest anew: it tells nobody.
 * `{paid}` is the place of the payment in the journal, about which most of them lie.
 */
const forgeries: readonly (readonly [
  what: string,
  forge: (bundle: UnpackedBundle, paid: number) => void,
  named: string,
])[] = [
  [
    'one figure of an entry of the journal',
    (bundle) =>
      bundle.forge('journal.jsonl', (text) =>
        text.replace('\\"amountCents\\":300000', '\\"amountCents\\":200000'),
      ),
    'écriture {paid}: (paymentRecorded) n’est pas ce qui a été écrit',
  ],
  [
    'an entry with its hash computed anew',
    (bundle, paid) =>
      bundle.forgeRows('journal.jsonl', (rows) =>
        rows.map((row) =>
          row.seq === paid ? rehashed({ ...row, body: row.body.replace('300000', '200000') }) : row,
        ),
      ),
    'écriture {next}: ne suit pas l’écriture précédente',
  ],
  [
    'an entry taken out',
    (bundle, paid) => bundle.forgeRows('journal.jsonl', (rows) => rows.filter(({ seq }) => seq !== paid)),
    'écriture {paid}: manque ou n’est pas à sa place',
  ],
  [
    'an entry slipped in',
    (bundle, paid) =>
      bundle.forgeRows('journal.jsonl', (rows) =>
        rows.flatMap((row) =>
          row.seq === paid ? [row, rehashed({ ...row, type: 'noteAdded', fact: null })] : [row],
        ),
      ),
    'écriture {next}: manque ou n’est pas à sa place : la suivante porte le numéro {paid}',
  ],
  [
    'two entries swapped',
    (bundle, paid) =>
      bundle.forgeRows('journal.jsonl', (rows) => [
        ...rows.slice(0, paid - 1),
        rows[paid],
        rows[paid - 1],
        ...rows.slice(paid + 1),
      ]),
    'écriture {paid}: manque ou n’est pas à sa place : la suivante porte le numéro {next}',
  ],
  [
    'the end of the journal',
    (bundle) => bundle.forgeRows('journal.jsonl', (rows) => rows.slice(0, -2)),
    ': finit à l’écriture {cut} ; le manifeste en annonce {end}',
  ],
  [
    'an entry of the debtor’s chain',
    (bundle) => bundle.forge('journal-others.jsonl', (text) => text.replace('"type":"', '"type":"x')),
    'écriture 1: (xdebtorChanged) n’est pas ce qui a été écrit',
  ],
  [
    'a fact in the list of facts',
    (bundle) =>
      bundle.forge('facts.jsonl', (text) =>
        text.replace('"promisedOn":"2026-04-10"', '"promisedOn":"2026-04-30"'),
      ),
    '✗ facts.jsonl, ligne 13: n’est pas le fait 13 du journal',
  ],
  [
    'the words of a person',
    (bundle) => bundle.forge('texts.jsonl', (text) => text.replace('Trois portes', 'Deux portes')),
    '✗ texts.jsonl, ligne 1 (écriture 7): n’est pas ce qui avait été écrit',
  ],
  [
    'the words of a person, gone without a word',
    (bundle) => bundle.forgeRows('texts.jsonl', (rows) => rows.slice(1)),
    'manque ; l’écriture 7 le nomme',
  ],
  [
    'one letter of a mail',
    (bundle) =>
      bundle.forge(bundle.named('04-2026-03-30-email-reminder/body.txt'), (text) =>
        text.replace('480', '481'),
      ),
    '✗ messages/04-2026-03-30-email-reminder: le message n’est pas celui',
  ],
  [
    'one letter of a mail, and the hash beside it',
    (bundle) => {
      const headers = bundle.named('04-2026-03-30-email-reminder/headers.json');
      bundle.forge(bundle.json(headers).content.text, (text) => text.replace('480', '481'));
      forgeHeaders(bundle, { contentSha256: contentOf(bundle, headers) });
    },
    '✗ messages/04-2026-03-30-email-reminder, écriture 18: le journal atteste un autre message',
  ],
  [
    'whom a mail went to',
    (bundle) =>
      bundle.forge(bundle.named('04-2026-03-30-email-reminder/headers.json'), (text) =>
        text.replace('compta0@', 'direction@'),
      ),
    '✗ messages/04-2026-03-30-email-reminder, écriture 18: le journal atteste un autre message',
  ],
  [
    'a mail that is left out',
    (bundle) => rmSync(join(bundle.folder, 'messages/04-2026-03-30-email-reminder'), { recursive: true }),
    'manque ; l’écriture 18 dit qu’il est parti',
  ],
  [
    'one letter of a mail, and no salt to prove it by',
    (bundle) => {
      const headers = bundle.named('04-2026-03-30-email-reminder/headers.json');
      bundle.forge(bundle.json(headers).content.text, (text) => text.replace('480', '481'));
      forgeHeaders(bundle, { contentSha256: contentOf(bundle, headers), salt: null });
    },
    '✗ messages/04-2026-03-30-email-reminder, écriture 18: le journal atteste un autre message',
  ],
  [
    'the mail as its reader saw it',
    (bundle) =>
      bundle.forge(bundle.named('04-2026-03-30-email-reminder/as-seen.html'), (text) =>
        text.replace('480', '481'),
      ),
    '✗ messages/04-2026-03-30-email-reminder/as-seen.html: n’est pas body.html avec ses images',
  ],
  [
    'a mail that never left',
    (bundle) => {
      const [from, to] = ['04-2026-03-30-email-reminder', '09-2026-05-13-email-formal_notice'];
      cpSync(join(bundle.folder, 'messages', from), join(bundle.folder, 'messages', to), { recursive: true });
      cpSync(join(bundle.folder, `receipts/${from}.json`), join(bundle.folder, `receipts/${to}.json`));
      bundle.forge(`messages/${to}/headers.json`, (text) =>
        JSON.stringify({ ...JSON.parse(text), messageId: '0190aaaa-0000-7000-8000-000000000000' }),
      );
    },
    '✗ messages/09-2026-05-13-email-formal_notice/headers.json: aucune écriture du journal n’en parle',
  ],
  [
    'a mail that is said to be erased',
    (bundle) => forgeHeaders(bundle, { state: 'erased' }),
    'headers.json: est dit effacé, ce qu’aucune écriture n’atteste',
  ],
  [
    'the words of a person that are said to be erased',
    (bundle) =>
      bundle.forgeRows('texts.jsonl', ([first, ...rest]) => [{ ...first, state: 'erased' }, ...rest]),
    '✗ texts.jsonl, ligne 1 (écriture 7): est dit effacé, ce qu’aucune écriture n’atteste',
  ],
  [
    'a mail that left later than it did',
    (bundle) => forgeHeaders(bundle, { claimedAt: '2026-04-20T09:00:00.000Z' }),
    'headers.json, claimedAt: après l’écriture 18, qui en parle',
  ],
  [
    'a mail that left before it was asked for',
    (bundle) => forgeHeaders(bundle, { claimedAt: '2026-03-01T09:00:00.000Z' }),
    'headers.json, claimedAt: avant d’être demandé (écriture 17)',
  ],
  [
    'a reminder that is called a notice',
    (bundle) => forgeHeaders(bundle, { level: 'formal_notice' }),
    'headers.json, level: "formal_notice" ; le journal dit "reminder"',
  ],
  [
    'a reminder that is called milder than it was',
    (bundle) => forgeHeaders(bundle, { level: 'preventive' }),
    'headers.json, level: "preventive" ; le journal dit "reminder"',
  ],
  [
    'a reminder that is said to take no step',
    (bundle) => forgeHeaders(bundle, { takesStep: false, level: 'formal_notice', outcome: 'bounced' }),
    'headers.json, takesStep: false ; le journal dit true',
  ],
  [
    'what became of a mail',
    (bundle) => forgeHeaders(bundle, { outcome: 'bounced' }),
    'headers.json, outcome: « bounced », ce qu’aucune écriture ne dit',
  ],
  [
    'what became of a mail, made less of',
    (bundle) => forgeHeaders(bundle, { outcome: 'accepted' }),
    'headers.json, outcome: « accepted » ; l’écriture 18 (stepDelivered) dit autrement',
  ],
  [
    'a notice that is said to have been taken back though it was posted',
    (bundle) =>
      bundle.forge(bundle.named('08-2026-05-12-registered_letter-formal_notice/headers.json'), (text) =>
        text.replace('"accepted"', '"cancelled"'),
      ),
    'headers.json, outcome: « cancelled » ; l’écriture 34 (stepPosted) dit autrement',
  ],
  [
    'what a mail asked for',
    (bundle) => forgeHeaders(bundle, { askedCents: 1_248_051 }),
    'headers.json, askedCents: 1248051 ; d’après les 11 premiers faits, 1248050',
  ],
  [
    'what a mail asked for, and the balance and the fact to go with it',
    (bundle) => forgeHeaders(bundle, { atFact: 14, balanceCents: 948_050, askedCents: 948_050 }),
    'headers.json, atFact: 14 ; d’après le journal, entre 11 et 11',
  ],
  [
    'the balance that a mail told',
    (bundle) => forgeHeaders(bundle, { balanceCents: 948_050 }),
    'headers.json, balanceCents: 948050 ; le journal dit 1248050',
  ],
  [
    'a level of the scenario, and the mail that takes it',
    (bundle) => {
      bundle.forge('scenario.json', (text) => text.replaceAll('"level": "reminder"', '"level": "firm"'));
      for (const day of ['02-2026-03-19', '04-2026-03-30'])
        bundle.forge(bundle.named(`${day}-email-reminder/headers.json`), (text) =>
          text.replace('"level": "reminder"', '"level": "firm"'),
        );
    },
    '✗ scenario.json, rules écriture {scenario}: n’est pas ce que le journal en a noté',
  ],
  [
    'another scenario in the place of the one that was lived by',
    (bundle) => bundle.forge('scenario.json', (text) => text.replace('"standard@1"', '"risky@1"')),
    '✗ scenario.json, id: risky@1 ; le journal dit standard@1',
  ],
  [
    'the holidays of the calendar',
    (bundle) =>
      bundle.forge('calendar.json', (text) => JSON.stringify({ ...JSON.parse(text), holidays: [] })),
    '✗ calendar.json, rules écriture {calendar}: n’est pas ce que le journal en a noté',
  ],
  [
    'the hash that was noted of the scenario',
    (bundle) =>
      bundle.forgeRows('journal-others.jsonl', (rows) =>
        rows.map((row) =>
          row.body.includes('scenario/standard@1')
            ? { ...row, body: row.body.replace(/"sha256":"\w{8}/, '"sha256":"00000000') }
            : row,
        ),
      ),
    '✗ journal-others.jsonl, rules écriture {scenario}: (ruleNoted) n’est pas ce qui a été écrit',
  ],
  [
    'what the bank wrote with a payment',
    (bundle) => bundle.forge('ledger.jsonl', (text) => text.replace('VIR VERCORS 0904', 'VIR VERCORS 0903')),
    '✗ ledger.jsonl, ligne 2: sa référence n’est pas celle de l’écriture 2 de debtor/',
  ],
  [
    'what the bank wrote with a payment, which is said to be masked',
    (bundle) =>
      bundle.forgeRows('ledger.jsonl', ([bill, paid]) => [bill, { ...paid, referenceState: 'masked' }]),
    '✗ ledger.jsonl, ligne 2: est « masked » dans un dossier « full »',
  ],
  [
    'the day on which a paper of the dispute was handed in',
    (bundle) =>
      bundle.forge('documents/index.json', (text) => text.replace('2026-03-23T07', '2026-03-20T07')),
    ', at: 2026-03-20T07:',
  ],
  [
    'between whom a paper went',
    (bundle) => bundle.forge('documents/index.json', (text) => text.replace('"internal"', '"to_debtor"')),
    ', way: to_debtor ; l’écriture 12 dit internal',
  ],
  [
    'the kind of a piece',
    (bundle) =>
      bundle.forge('documents/index.json', (text) => text.replace('"litigation_piece"', '"litigation_pack"')),
    ', kind: litigation_pack ; l’écriture 44 dit litigation_piece',
  ],
  [
    'the day on which a notice was presented, beside its receipts',
    (bundle) =>
      bundle.forge('receipts/08-2026-05-12-registered_letter-formal_notice.json', (text) =>
        text.replace('2026-05-14', '2026-05-13'),
      ),
    '✗ receipts/08-2026-05-12-registered_letter-formal_notice.json, stepDelivered 27: n’est pas un fait du journal',
  ],
  [
    'a fact in a history of the engine',
    (bundle) =>
      bundle.forge('histories/01-invoice.json', (text) =>
        inHistory(text, '"promisedOn":"2026-04-10"', '"promisedOn":"2026-04-30"'),
      ),
    ', promiseMade 13: le journal dit ce fait autrement',
  ],
  [
    'a history of another invoice',
    (bundle) =>
      bundle.forge('histories/01-invoice.json', (text) =>
        inHistory(text, bundle.json('manifest.json').invoice.id, '0190aaaa-0000-7000-8000-000000000000'),
      ),
    ': n’est pas un historique de invoice/',
  ],
  [
    'a chain that is slipped in',
    (bundle) =>
      bundle.forgeRows('journal-others.jsonl', (rows) => [...rows, { ...rows[0], subject: 'debtor/other' }]),
    'est d’une chaîne que le manifeste n’annonce pas : debtor/other',
  ],
  [
    'one byte of the notice',
    (bundle) => writeFileSync(join(bundle.folder, bundle.named('letter.pdf')), '%PDF-1.7\n'),
    '✗ messages/08-2026-05-12-registered_letter-formal_notice: le message n’est pas celui',
  ],
  [
    'a line of the account',
    (bundle) =>
      bundle.forgeRows('ledger.jsonl', ([bill, paid]) => [
        bill,
        { ...paid, amountCents: -200_000, balanceCents: 1_048_050 },
      ]),
    '✗ ledger.jsonl, paymentRecorded 14: le fait 14 dit 948050 centimes, le compte 1048050',
  ],
  [
    'a line of the account without its balance',
    (bundle) =>
      bundle.forgeRows('ledger.jsonl', ([bill, paid]) => [bill, { ...paid, amountCents: -200_000 }]),
    '✗ ledger.jsonl, ligne 2: solde 948050, la somme est 1048050',
  ],
  [
    'a payment dated back',
    (bundle) => bundle.forgeRows('ledger.jsonl', ([bill, paid]) => [bill, { ...paid, day: '2026-03-16' }]),
    '✗ ledger.jsonl, ligne 2: est du 2026-03-16 ; le fait 14 dit 2026-04-09',
  ],
  [
    'the invoice, which becomes a correction',
    (bundle) => bundle.forgeRows('ledger.jsonl', ([bill, paid]) => [{ ...bill, kind: 'correction' }, paid]),
    '✗ ledger.jsonl, invoiceRegistered 1: le fait 1 dit 1248050 centimes, le compte 0',
  ],
  [
    'an invoice dated back',
    (bundle) => bundle.forgeRows('ledger.jsonl', ([bill, paid]) => [{ ...bill, day: '2025-02-14' }, paid]),
    '✗ ledger.jsonl, ligne 1: est du 2025-02-14 ; le fait 1 dit 2026-02-14',
  ],
  [
    'the currency of the account',
    (bundle) => bundle.forge('ledger.jsonl', (text) => text.replaceAll('"EUR"', '"USD"')),
    '✗ ledger.jsonl, ligne 1: est en USD ; le fait 1 dit EUR',
  ],
  [
    'the number of the invoice',
    (bundle) => bundle.forge('manifest.json', (text) => text.replace('F-2026-0117', 'F-2026-0118')),
    '✗ manifest.json, invoice.number: F-2026-0118 ; l’écriture 1 dit F-2026-0117',
  ],
  [
    'a notice that is laid beside',
    (bundle) => {
      mkdirSync(join(bundle.folder, 'messages/09-2026-05-20-letter-formal_notice'));
      writeFileSync(
        join(bundle.folder, 'messages/09-2026-05-20-letter-formal_notice/letter.pdf'),
        '%PDF-1.7\n',
      );
    },
    '✗ messages/09-2026-05-20-letter-formal_notice/letter.pdf: aucune liste du dossier ne le nomme',
  ],
  [
    'a payment that no fact tells of',
    (bundle) =>
      bundle.forgeRows('ledger.jsonl', (rows) => [
        ...rows,
        { ...rows[1], at: '2026-05-20T08:00:00.000Z', amountCents: -100, balanceCents: 947_950 },
      ]),
    '✗ ledger.jsonl, ligne 3: aucun fait du journal ne dit ce mouvement',
  ],
  [
    'a paper of the dispute, and the hash beside it',
    (bundle) => {
      const name = bundle.named('Photo-des-portes');
      bundle.forge(name, (text) => `${text} Porte 2 : rayée.`);
      const sha256 = sha256Of(bundle.read(name));
      bundle.forge('documents/index.json', (text) =>
        JSON.stringify(
          JSON.parse(text).map((paper: { path: string }) =>
            paper.path === name ? { ...paper, sha256 } : paper,
          ),
        ),
      );
    },
    '✗ documents/01-dispute-Photo-des-portes.txt, écriture 11: le journal atteste une autre pièce',
  ],
  [
    'a paper that is not listed any more',
    (bundle) => bundle.forge('documents/index.json', (text) => JSON.stringify(JSON.parse(text).slice(1))),
    'manque ; l’écriture 11 la nomme',
  ],
];

/** Forges what stands in the headers of the second reminder. */
function forgeHeaders(bundle: UnpackedBundle, change: object): void {
  bundle.forge(bundle.named('04-2026-03-30-email-reminder/headers.json'), (text) =>
    JSON.stringify({ ...JSON.parse(text), ...change }),
  );
}

/** Puts other entries in the place of the chain of the rules, and takes its line out of the anchor. */
function withRules(bundle: UnpackedBundle, how: (rows: Record<string, unknown>[]) => object[]): void {
  const all = bundle.rows('journal-others.jsonl');
  const rules = how(all.filter(({ subject }) => subject === 'rules')) as { hash: string }[];
  bundle.forgeRows('journal-others.jsonl', (rows) => [
    ...rows.filter(({ subject }) => subject !== 'rules'),
    ...rules,
  ]);
  bundle.forge('anchors/inclusion.json', (json) => {
    const index = JSON.parse(json) as { chains: { subject: string }[] };
    return JSON.stringify({ ...index, chains: index.chains.filter(({ subject }) => subject !== 'rules') });
  });
  bundle.forge('manifest.json', (json) => {
    const about = JSON.parse(json) as { chains: { subject: string; whole: object }[] };
    const chains = about.chains.flatMap((chain) => {
      if (chain.subject !== 'rules') return [chain];
      const head = rules.at(-1)?.hash;
      return head === undefined ? [] : [{ ...chain, whole: { ...chain.whole, head } }];
    });
    return JSON.stringify({ ...about, chains });
  });
}

/** The hash over a mail as it lies here. */
function contentOf(bundle: UnpackedBundle, headers: string): string {
  const { subject, content } = bundle.json(headers);
  return sha256Of(
    ...[subject, '\0', bundle.read(content.html), '\0', bundle.read(content.text), '\0'],
    ...content.pictures.map((picture: string) => readFileSync(join(bundle.folder, picture))),
  );
}

/** Forges the words inside the payloads of a history, which are base64. */
function inHistory(text: string, before: string, after: string): string {
  return text.replaceAll(/"data":"([^"]+)"/g, (_data, coded: string) => {
    const words = Buffer.from(coded, 'base64').toString('utf8').replace(before, after);
    return `"data":"${Buffer.from(words).toString('base64')}"`;
  });
}

function sha256Of(...parts: readonly (string | Buffer)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}

function rehashed(row: Record<string, unknown>): object {
  const text = [row['prev_hash'], row['seq'], row['fact'] ?? '', row['type'], row['at'], row['body']].join(
    '\n',
  );
  return { ...row, hash: sha256Of(text) };
}

describe('a forgery in the file of an invoice is named though the manifest was written anew:', () => {
  it.each(forgeries)('%s', (_what, forge, named) => {
    const bundle = unpacked();
    const places: Readonly<Record<string, number>> = placesIn(bundle);
    forge(bundle, places['paid']!);
    bundle.coverUp();

    const { code, said } = bundle.verify();

    expect(said).toContain(named.replaceAll(/\{(\w+)\}/g, (_token, name: string) => String(places[name])));
    expect(code).toBe(1);
  });

  it('nothing, where nothing was forged', () => {
    const bundle = unpacked();
    bundle.coverUp();

    expect(bundle.verify()).toMatchObject({ code: 0 });
  });
});

describe('the anchor of the file of an invoice', () => {
  it.each([
    [
      'a paper that no entry names',
      (bundle: UnpackedBundle) => {
        writeFileSync(join(bundle.folder, 'documents/08-contract.txt'), 'Signé.');
        const put = {
          documentId: 'x',
          state: 'whole',
          path: 'documents/08-contract.txt',
          sha256: sha256Of(Buffer.from('Signé.')),
        };
        bundle.forge('documents/index.json', (json) => JSON.stringify([...JSON.parse(json), put]));
      },
      /8 jointes, dont 7 attestées/,
    ],
    [
      'a run that is left out',
      (bundle: UnpackedBundle) => {
        bundle.forge('histories/index.json', (json) => {
          const { runs, ...index } = JSON.parse(json);
          return JSON.stringify({ ...index, runs: runs.slice(1) });
        });
        rmSync(join(bundle.folder, 'histories/01-invoice.json'));
      },
      /exécution voisine de \S+, absente du dossier/,
    ],
    [
      'a level that may be that of another invoice of the same message',
      (bundle: UnpackedBundle) => forgeHeaders(bundle, { level: 'firm' }),
      /niveau « firm », son étape ici est « reminder »/,
    ],
    [
      'rules that no entry has noted',
      (bundle: UnpackedBundle) => withRules(bundle, () => []),
      /scenario\.json : aucune écriture jointe ne note standard@1[^]*calendar\.json : aucune écriture/,
    ],
    [
      'rules that were noted later',
      (bundle: UnpackedBundle) =>
        withRules(bundle, (rows) => {
          let before = sha256Of('relance\nrules');
          return rows.map((row) => {
            const entry = rehashed({ ...row, at: '2026-06-02T08:00:00.000Z', prev_hash: before });
            before = (entry as { hash: string }).hash;
            return entry;
          });
        }),
      /scenario\.json : noté après l’ancrage/,
    ],
  ])('vouches for nothing that it does not hold: %s', (_what, forge, expected) => {
    const bundle = unpacked();
    forge(bundle);
    bundle.coverUp();

    const { code, said } = verified(bundle);

    expect(said).toMatch(expected);
    expect(said).not.toContain('TOUT TIENT');
    expect(code).toBe(0);
  });

  it('is expected by whoever gives the key of the house: without one, or with one of before the invoice, nothing is anchored', () => {
    const [none, older] = [unpacked(), unpacked()];
    for (const name of none.names().filter((one) => one.startsWith('anchors/')))
      rmSync(join(none.folder, name));
    writeFileSync(join(none.folder, 'anchors/inclusion.json'), '{"anchor":null,"chains":[]}');
    // A house that had an anchor before it had the invoice: whoever has any file of hers has that anchor too.
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const statement = older.names().find((name) => /^anchors\/anchor-.*\.json$/.test(name))!;
    older.forge(statement, (json) => json.replace(/("businessAt": )"[^"]+"/, '$1"2026-01-05T02:00:00.000Z"'));
    older.forge('anchors/inclusion.json', (json) => JSON.stringify({ ...JSON.parse(json), chains: [] }));
    writeFileSync(
      join(older.folder, statement.replace('.json', '.sig')),
      sign(null, Buffer.from(older.read(statement)), privateKey),
    );
    for (const bundle of [none, older]) bundle.coverUp();
    const key = join(mkdtempSync(join(tmpdir(), 'key-')), 'key.pem');
    writeFileSync(key, publicKey.export({ type: 'spki', format: 'pem' }));

    const answers = [verified(none), older.verify('--key', key)];
    const english = verified(none, '--lang', 'en');
    const withoutKey = none.verify();
    rmSync(dirname(key), { recursive: true });

    for (const { code, said } of answers) {
      expect(said).toContain('NON ANCRÉ. Une clé est donnée, et aucun ancrage joint ne tient une écriture');
      expect(said).not.toMatch(/✗|TOUT TIENT|CE QUI PEUT ÊTRE VÉRIFIÉ TIENT/);
      expect(code).toBe(2);
    }
    expect(english).toMatchObject({ code: 2, said: expect.stringContaining('NOT ANCHORED. A key is given') });
    // Nobody who gives no key has asked for one: a young house says that it has none, and that is all.
    expect(withoutKey.code).toBe(0);
    expect(withoutKey.said).toMatch(/Aucun ancrage joint[^]*CE QUI PEUT ÊTRE VÉRIFIÉ TIENT/);
    expect(withoutKey.said).not.toContain('NON ANCRÉ');
  });

  it('names the entry from which on a chain was written anew, whoever had all of it computed again', () => {
    const bundle = unpacked();
    let before: string | undefined;
    bundle.forgeRows('journal.jsonl', (rows) =>
      rows.map((row) => {
        const body = row.type === 'promiseMade' ? row.body.replace('2026-04-10', '2026-04-30') : row.body;
        const entry = rehashed({ ...row, body, prev_hash: before ?? row.prev_hash }) as { hash: string };
        before = entry.hash;
        return entry;
      }),
    );
    bundle.forge('facts.jsonl', (text) =>
      text.replace('"promisedOn":"2026-04-10"', '"promisedOn":"2026-04-30"'),
    );
    bundle.forge('histories/01-invoice.json', (text) =>
      inHistory(text, '"promisedOn":"2026-04-10"', '"promisedOn":"2026-04-30"'),
    );
    bundle.coverUp((about) => ({
      ...about,
      chains: about.chains.map((chain: { subject: string; whole: object }) =>
        chain.subject.startsWith('invoice/') ? { ...chain, whole: { ...chain.whole, head: before } } : chain,
      ),
    }));

    const { code, said } = verified(bundle);

    expect(said).toMatch(/✗ journal\.jsonl, invoice\/\S+ écriture 52: n’est pas celle de l’ancrage n° 1/);
    expect(said.match(/✗/g)).toHaveLength(1 + 1);
    expect(code).toBe(1);
  });

  it('is not believed when another text is signed, and leads to no other root', () => {
    const [text, path] = [unpacked(), unpacked()];
    const statement = text.names().find((name) => /^anchors\/anchor-.*\.json$/.test(name))!;
    text.forge(statement, (json) => json.replace('"chains": ', '"chains": 1'));
    path.forge('anchors/inclusion.json', (json) => json.replace(/"index": \d+/, '"index": 0'));
    for (const bundle of [text, path]) bundle.coverUp();

    expect(verified(text)).toMatchObject({
      code: 1,
      said: expect.stringContaining(`✗ ${statement}: n’est pas signé par cette clé`),
    });
    expect(verified(path)).toMatchObject({
      code: 1,
      said: expect.stringContaining('ne mène pas à la racine de l’ancrage'),
    });
  });

  it('names the entries of before it that it does not know, when the line of a chain is left out', () => {
    const bundle = unpacked();
    bundle.forge('anchors/inclusion.json', (json) => {
      const index = JSON.parse(json) as { chains: { subject: string }[] };
      return JSON.stringify({
        ...index,
        chains: index.chains.filter(({ subject }) => !subject.startsWith('invoice/')),
      });
    });
    bundle.coverUp();

    const { code, said } = verified(bundle);

    expect(code).toBe(1);
    expect(said).toMatch(/✗ journal\.jsonl, invoice\/\S+ écriture 1: inconnue de l’ancrage n° 1/);
  });

  it('is not believed when somebody else has signed it, whatever key lies beside it', () => {
    const bundle = unpacked();
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const statement = bundle.names().find((name) => /^anchors\/anchor-.*\.json$/.test(name))!;
    const signature = sign(null, Buffer.from(bundle.read(statement)), privateKey);
    writeFileSync(join(bundle.folder, statement.replace('.json', '.sig')), signature);
    bundle.forge('anchors/public-key.pem', () =>
      publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    );
    bundle.coverUp();

    expect(verified(bundle)).toMatchObject({
      code: 1,
      said: expect.stringContaining('n’est pas signé par cette clé'),
    });
  });
});

describe('somebody who was erased', () => {
  it('is nowhere in the file, which verifies and says what is empty since when it was; and nothing else passes for it', async () => {
    const story = await begin({ fourEyes: true });
    const debtor = await story.debtor();
    const invoice = await debtor.owes({ number: 'F-1', amount: 1200, due: '2026-03-16' });
    await story.until('2026-03-20');
    const note = { text: 'Claire Petit annonce un virement.' };
    await story.people.ask('POST', `/invoices/${invoice.id}/notes`, note);
    await story.people.ask('POST', `/invoices/${invoice.id}/notes`, { text: 'Virement annoncé.' });
    await invoice.pays();
    const { house, environment } = story.engine;
    const { id } = await house.db.selectFrom('contact').select('id').executeTakeFirstOrThrow();
    await story.people.as('Ada').ask('POST', `/contacts/${id}/erasure`, { reason: 'asked' });

    const { pieces } = await bundleOf(
      { house, archive: openArchive(house.db, settingsWith()), client: environment.client },
      invoice.id,
      { language: 'fr', thirdPersons: 'full', by: 'operator' },
    );
    const zip = await buffer(pieces);
    const [bundle, forged] = [new UnpackedBundle(zip), new UnpackedBundle(zip)];
    forged.forgeRows('texts.jsonl', (rows) => rows.map((row) => ({ ...row, state: 'erased' })));
    forged.coverUp();

    const named = bundle.names().filter((name) => /Claire|Petit|compta0@/.test(bundle.read(name)));
    expect(named).toEqual([]);
    expect(bundle.rows('texts.jsonl').map(({ state }) => state)).toEqual(['erased', 'whole']);
    expect(bundle.verify()).toMatchObject({ code: 0 });
    expect(bundle.verify().said).toMatch(/0 masqués, 2 effacés/);
    expect(forged.verify()).toMatchObject({
      code: 1,
      said: expect.stringMatching(
        /✗ texts\.jsonl, ligne 2 .*: est dit effacé, ce qu’aucune écriture n’atteste/,
      ),
    });
  });
});

describe('the manifest of the file of an invoice', () => {
  it.each([
    [
      'a file that was changed',
      (bundle: UnpackedBundle) => bundle.forge('index.html', (text) => `${text} `),
      '✗ index.html',
    ],
    [
      'one that is gone',
      (bundle: UnpackedBundle) => rmSync(join(bundle.folder, 'claim/claim.json')),
      '✗ claim/claim.json',
    ],
    [
      'one that was put in',
      (bundle: UnpackedBundle) => {
        mkdirSync(join(bundle.folder, 'more'));
        writeFileSync(join(bundle.folder, 'more/letter.txt'), 'Cher Monsieur');
      },
      '✗ more/letter.txt',
    ],
    [
      'one that bears the name of another',
      (bundle: UnpackedBundle) =>
        renameSync(join(bundle.folder, 'calendar.json'), join(bundle.folder, 'scenario.json')),
      '✗ scenario.json',
    ],
    [
      'a line of its own',
      (bundle: UnpackedBundle) =>
        bundle.forge('manifest.json', (text) => text.replace('"sizeBytes": 2', '"sizeBytes": 3')),
      '✗ ',
    ],
    [
      'what it says of the whole',
      (bundle: UnpackedBundle) =>
        bundle.forge('manifest.json', (text) => text.replace(/"whole": "\w/, '"whole": "x')),
      '✗ manifest.json',
    ],
  ])('names %s', (_what, forge, named) => {
    const bundle = unpacked();
    forge(bundle);

    expect(bundle.verify()).toMatchObject({ code: 1, said: expect.stringContaining(named) });
  });
});
