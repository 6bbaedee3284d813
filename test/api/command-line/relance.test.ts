import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { keyFor, keysFile, saveKey, defaultUrl } from '../../../api/command-line/keys.ts';
import { relance } from '../../../api/command-line/relance.ts';
import { applyImports, releaseImports } from '../../../db/imports.ts';
import { openOffice } from '../../setup/office.ts';
import type { Office } from '../../setup/office.ts';
import { say } from '../said.ts';

let office: Office;
let folder: string;
beforeAll(async () => {
  office = await openOffice();
  folder = mkdtempSync(join(tmpdir(), 'relance-cli-'));
  const url = await office.app.listen({ port: 0, host: '127.0.0.1' });
  vi.stubEnv('XDG_CONFIG_HOME', folder);
  vi.stubEnv('RELANCE_URL', undefined);
  vi.stubEnv('RELANCE_KEY', undefined);
  vi.stubEnv('LANG', 'en_GB.UTF-8');
  vi.stubEnv('LC_ALL', undefined);
  saveKey(url, office.keys.admin);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
  await office.close();
});

/** Types a command; what it printed, and how it ended. */
async function type(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const stdout = vi
    .spyOn(process.stdout, 'write')
    .mockImplementation((text) => ((out += String(text)), true));
  const stderr = vi
    .spyOn(process.stderr, 'write')
    .mockImplementation((text) => ((err += String(text)), true));
  try {
    const code = await relance(args);
    return { code, out, err };
  } finally {
    stdout.mockRestore();
    stderr.mockRestore();
  }
}

describe('the keys of the command line', () => {
  it('are kept by address, in a file that nobody else can read', () => {
    saveKey('http://127.0.0.1:9001/', 'one');

    expect(keyFor('http://127.0.0.1:9001/docs')).toBe('one');
    expect(keyFor('http://127.0.0.1:9002')).toBeUndefined();
    expect(statSync(keysFile()).mode & 0o777).toBe(0o600);
    saveKey(office.app.listeningOrigin, office.keys.admin);
    expect(defaultUrl()).toBe(office.app.listeningOrigin);
  });

  it('give way to RELANCE_KEY and RELANCE_URL', () => {
    vi.stubEnv('RELANCE_KEY', 'given');
    vi.stubEnv('RELANCE_URL', 'http://elsewhere.example');

    expect([keyFor('http://127.0.0.1:9001'), defaultUrl()]).toEqual(['given', 'http://elsewhere.example']);
    vi.stubEnv('RELANCE_KEY', undefined);
    vi.stubEnv('RELANCE_URL', undefined);
  });
});

describe('relance', () => {
  it('helps', async () => {
    const { code, out } = await type('help');

    expect(code).toBe(0);
    for (const name of [
      'import',
      'release',
      'list',
      'show',
      'why',
      'pay',
      'promise',
      'dispute',
      'user add',
      'creditor set',
      'stop lift',
      'send-me',
    ])
      expect(out).toContain(name);
  });

  it('lists invoices in columns', async () => {
    await office.invoice({
      number: 'C-1',
      amountCents: 123_456,
      dueDate: '2026-02-10',
      debtorId: await office.debtor({ name: 'Colonne SARL' }),
    });

    const { out } = await type('list', '--search', 'colonne');

    const [head, row] = out.split('\n');
    expect(row).toMatch(/^C-1\s+Colonne SARL\s+2026-02-10\s+20 d\s+€1,234\.56\s+waiting$/);
    expect(head?.indexOf('DEBTOR')).toBe(row?.indexOf('Colonne'));
  });

  it('records a payment typed as people type it, and shows what comes next', async () => {
    const { id } = await office.invoice({ number: 'C-2', amountCents: 120_000 });

    const { code, out } = await type('pay', 'C-2', '1 000,50', '--on', '01/03/2026');

    expect(code).toBe(0);
    expect(out).toContain('Invoice C-2 is waiting');
    expect(out).toContain('€199.50 is owed');
    expect((await office.ask('GET', `/v1/invoices/${id}`)).body.balance.amount).toBe(19_950);
  });

  it('asks again when an amount can be read in two ways', async () => {
    await office.invoice({ number: 'C-3' });

    const { code, err } = await type('pay', 'C-3', '1,234');

    expect(code).toBe(1);
    expect(err).toContain('two ways');
  });

  it('records promises, disputes and holds, and takes them back', async () => {
    await office.invoice({ number: 'C-4', amountCents: 120_000 });

    const typed = [
      await type('promise', 'C-4', '2026-03-10', '500'),
      await type('dispute', 'C-4', '200.00', '--reason', 'price'),
      await type('qualify', 'C-4', 'dispute', '--department', 'sales'),
      await type('dispute', 'file', 'C-4'),
      await type('resolve', 'C-4', 'rejected'),
      await type('causes', '--by', 'department'),
      await type('hold', 'C-4', '--reason', 'commercial', '--until', '2026-03-20'),
      await type('lift', 'C-4'),
      await type('note', 'C-4', 'Called the accountant.'),
    ];

    expect(typed.map(({ code, err }) => [code, err])).toEqual(typed.map(() => [0, '']));
    expect(typed[0]?.out).toContain('The debtor promised €500.00 for 10 March 2026');
    expect(typed[2]?.out).toContain('An answer is due by 2026-03-09.');
    expect(typed[3]?.out).toMatch(/waits\s+answer, by 2026-03-09/);
    expect(typed[5]?.out).toMatch(/^sales\s+1\s+€200\.00\s+0\s+1\s+0 \(€0\.00\)/m);
    expect((await type('show', 'C-4')).out).toContain('Called the accountant.');
  });

  it('shows a refusal with its reason, and ends with 1', async () => {
    await office.invoice({ number: 'C-5' });

    const { code, err } = await type('promise', 'C-5', '2020-01-01');

    expect(code).toBe(1);
    expect(err).toContain('2020-01-01 has passed');
  });

  it('says why, with the dates of what comes', async () => {
    await office.invoice({ number: 'C-6', dueDate: '2026-02-27' });

    const { out, err } = await type('why', 'C-6');

    expect(err).toBe('');
    expect(out).toContain('Next step: "First reminder"');
    expect(out).toMatch(
      /2026-\d\d-\d\d \d\d:\d\d UTC\s+Formal notice\s+formal notice, registered letter \(review\)/,
    );
  });

  it('asks which invoice is meant when a number is taken twice', async () => {
    await office.invoice({ number: 'C-7' });
    const { id } = await office.invoice({ number: 'C-7' });

    const { code, err } = await type('show', 'C-7');

    expect(code).toBe(1);
    expect(err).toContain(id);
    expect((await type('show', id)).code).toBe(0);
  });

  it('completes a creditor by its name, and says what is missing until nothing is', async () => {
    await office.creditor({ key: 'Nouvelle SAS', complete: false });

    const first = await type(
      'creditor',
      'set',
      'nouvelle sas',
      '--legal-name',
      'Nouvelle SAS',
      '--siren',
      '732829320',
    );
    const then = await type(
      'creditor',
      'set',
      'Nouvelle SAS',
      '--address',
      '1 rue X',
      '--address',
      '75001 Paris',
      '--iban',
      'FR1420041010050500013M02606',
      '--sender',
      'Compta',
      '--reply-to',
      'c@x.example',
    );
    const wrong = await type('creditor', 'set', 'Nouvelle SAS', '--iban', 'FR1420041010050500013M02607');

    expect(first.out).toContain('before these are set: address, iban, senderName, replyTo');
    expect(then.out).toContain('It may send.');
    expect(wrong).toMatchObject({
      code: 1,
      err: expect.stringContaining('iban: Its check digits are wrong') as string,
    });
  });

  it('adds a user and prints a key that opens', async () => {
    const { out } = await type(
      'user',
      'add',
      'Nina',
      'collector',
      '--portfolio',
      'own',
      '--email',
      'nina@relance.example',
    );

    const key = /rlk_\S+/.exec(out)?.[0] ?? '';
    expect((await office.ask('GET', '/v1/me', undefined, { key })).body.name).toBe('Nina');
  });

  it('offers a discount, and takes it back by lifting its hold', async () => {
    await office.invoice({ number: 'R-1', amountCents: 100_000 });

    const offered = await type('discount', 'R-1', '2,5', '20/03/2026');
    const unclear = await type('discount', 'R-1', 'much', '20/03/2026');
    const lifted = await type('lift', 'R-1');

    expect(offered).toMatchObject({ code: 0, err: '' });
    expect(offered.out).toContain('On hold: a discount is offered for early settlement.');
    expect(unclear).toMatchObject({ code: 1, err: expect.stringContaining('no percent') as string });
    expect(lifted).toMatchObject({ code: 0, err: '' });
  });

  it('counts what a stop would silence, and pulls one that ends by itself', async () => {
    const counted = await type('stop', '--reason', 'test', '--dry-run');
    const none = await type('stop', 'list');
    const stopped = await type('stop', '--reason', 'test', '--until', '27/03/2026');
    const lifted = await type('stop', 'lift');

    expect(counted.out).toMatch(/It would silence \d+ open invoices? of \d+ debtors? \(€/);
    expect(none.out).toContain('No stop is in force.');
    expect(stopped.out).toContain('It is lifted by itself at 2026-03-27 23:00 UTC.');
    expect(lifted.code).toBe(0);
  });

  it('keeps silent about an invoice, a debtor or all, counts it before, lists it as one thing and lifts it by its id', async () => {
    const { debtorId } = await office.invoice({ number: 'H-1' });

    const counted = await type('hold', '--debtor', debtorId, '--reason', 'talks', '--dry-run');
    const unclear = await type('hold', 'H-1', '--everything', '--reason', 'talks');
    await type('hold', '--debtor', debtorId, '--reason', 'talks');
    await type('hold', '--everything', '--reason', 'wrong_iban');
    const listed = await type('holds');
    const ids = listed.out.match(/^[0-9a-f-]{36}(?= +(?:hold +\S+ +debtor|stop +\S+ +everything))/gm) ?? [];
    const lifted = [];
    for (const id of ids) lifted.push((await type('lift', id)).code);

    expect(counted.out).toContain('It would silence 1 open invoice of 1 debtor (€1,200.00)');
    expect(unclear).toMatchObject({
      code: 1,
      err: expect.stringContaining('Say what is to be silent') as string,
    });
    expect(lifted).toEqual([0, 0]);
    expect((await type('holds', '--debtor', debtorId)).out).toContain('Nothing keeps us silent.');
  });

  it('stops everything, and lifts it again', async () => {
    const stopped = await type('stop', '--reason', 'test');
    const listed = await type('stop', 'list');
    const lifted = await type('stop', 'lift');

    expect(stopped.out).toMatch(/Stopped: \d+ open invoices?/);
    expect(listed.out).toContain('everything');
    expect(lifted).toMatchObject({ code: 0, out: expect.stringContaining('Lifted') as string });
  });

  it('records a judgment, says what has to be declared, and lists what lapses', async () => {
    await office.invoice({ number: 'J-1', debtorId: await office.debtor({ name: 'Jugée SARL' }) });

    const judged = await type(
      'judgment',
      'J-1',
      '27/02/2026',
      '--kind',
      'receivership',
      '--published',
      '02/03/2026',
    );
    const soon = await type('lapses', '--within', '90');
    const never = await type('lapses', '--within', '2');
    const clocks = await type('clocks', 'J-1');
    const unknown = await type('insolvency', 'J-2');
    const file = join(folder, 'declaration.pdf');
    const paper = await type('declaration', 'J-1', '--to', file);
    const notSent = await type('declaration', 'J-1', '--sent', '28/02/2026');

    expect(judged.out).toMatch(/told to 1 open invoice\./);
    expect(judged.out).toMatch(/judgment +2026-02-27\npublished +2026-03-02/);
    expect(judged.out).toMatch(/CREDITOR .*\nAteliers Martin SAS +1 +€1,2\d\d\.\d\d +2026-05-04/);
    expect(soon.out).toMatch(/2026-05-04 +declaration of the claim +all earlier ones +Jugée SARL/);
    expect(never.out).not.toContain('declaration of the claim');
    expect(clocks.code).toBe(0);
    expect(paper).toMatchObject({ code: 0, out: expect.stringContaining('Written') as string });
    expect(readFileSync(file).subarray(0, 5).toString()).toBe('%PDF-');
    expect(notSent.err).toContain('has no such declaration');
    expect(unknown).toMatchObject({
      code: 1,
      err: expect.stringContaining('No invoice has the number') as string,
    });
  });

  it('proposes an instalment plan, records that it was accepted, lists it and takes it back', async () => {
    await office.invoice({ number: 'P-1', amountCents: 90_000 });

    const proposed = await type('plan', 'propose', 'P-1', '--count', '3', '--first', '2026-04-01');
    const unclear = await type('plan', 'propose', 'P-1');
    const accepted = await type('plan', 'accept', 'P-1', '--how', 'email');
    const listed = await type('plans', '--state', 'running');
    const file = join(folder, 'accord.pdf');
    const paper = await type('plan', 'agreement', 'P-1', '--to', file);
    const withdrawn = await type('plan', 'withdraw', 'P-1', '--reason', 'debtor_asked');

    expect(proposed).toMatchObject({ code: 0, err: '' });
    expect(proposed.out).toMatch(/ 3 {2}2026-06-01 {2}€300\.00 +€0\.00/);
    expect(unclear).toMatchObject({ code: 1, err: expect.stringContaining('--pay DAY=AMOUNT') as string });
    expect(accepted.out).toContain('running');
    expect(listed.out).toMatch(/running +€900\.00 +€900\.00 +2026-04-01/);
    expect(paper).toMatchObject({ code: 0, err: '' });
    expect(readFileSync(file).subarray(0, 5).toString()).toBe('%PDF-');
    expect(withdrawn.out).toContain('withdrawn');
  });

  it('shows drafts and says yes to one as it is now', async () => {
    const invoice = await office.invoice({ number: 'C-8' });
    await office.state(invoice.id, {
      type: 'stepRequested',
      step: 'formal-notice',
      occurrence: 1,
      channel: 'registered_letter',
    });
    const request = await office.house.db
      .selectFrom('contact_request')
      .select('id')
      .where('invoice_id', '=', invoice.id)
      .executeTakeFirstOrThrow();
    const draft = await say(office, {
      invoiceId: invoice.id,
      debtorId: invoice.debtorId,
      creditorId: invoice.creditorId,
      channel: 'registered_letter',
      state: 'planned',
      requestId: request.id,
    });

    const listed = await type('drafts');
    const early = await type('letter', draft, 'presented', '--on', '02/03/2026', '--proof', 'AR 1');
    const approved = await type('approve', draft);

    expect(listed.out).toMatch(new RegExp(`${draft}\\s+Formal notice\\s+registered_letter.*C-8`));
    // What the post says of a letter is said by its message, and of none that is not in the post.
    expect(early.code).toBe(1);
    expect(early.err).toContain('The letter of step formal-notice is not in the post.');
    expect(approved).toMatchObject({ code: 0, err: '' });
    expect((await type('drafts')).out).not.toContain(draft);
  });

  it('imports a file, shows what would follow, and releases it', { timeout: 60_000 }, async () => {
    const file = join(folder, 'factures.csv');
    writeFileSync(
      file,
      'Client;E-mail;Facture;Date échéance;Montant TTC\nMenuiserie Nord;a@nord.example;I-1;31/01/2026;1 234,56\nMenuiserie Nord;;I-2;abc;10,00\n',
    );
    const worker = setInterval(() => void applyImports(office.house).catch(() => undefined), 200);

    const imported = await type('import', file, '--seller', await office.creditor());
    clearInterval(worker);
    const id = /relance release (\S+)/.exec(imported.out)?.[1] ?? '';
    const released = await type('release', id);
    await releaseImports(office.house);

    expect(imported.out + imported.err).toMatch(/2 rows: 1 new, 0 changed, 0 unchanged, 1 rejected/);
    expect(imported.out).toMatch(/3\s+\S.*abc/);
    expect(imported.out).toMatch(/2026-\d\d-\d\d +1 +1 +firm reminder, e-mail\n/);
    expect(released).toMatchObject({ code: 0 });
    expect((await type('list', '--search', 'I-1')).out).not.toContain('held');
  });

  it(
    'shows what a file says otherwise, and releases a file that it has read',
    { timeout: 60_000 },
    async () => {
      const [file, later] = [join(folder, 'mars.csv'), join(folder, 'avril.csv')];
      const lines = (left: string) =>
        `Client;E-mail;Facture;Date échéance;Montant TTC;Reste à payer\nSud;a@sud.example;J-1;31/01/2026;1 234,56;${left}\nSud;;J-2;31/01/2026;10,00;10,00\n`;
      writeFileSync(file, lines('0,00'));
      writeFileSync(later, lines('400,00'));
      const seller = await office.creditor();
      const worker = setInterval(() => void applyImports(office.house).catch(() => undefined), 200);

      await type('import', file, '--seller', seller);
      const told = await type('import', later, '--seller', seller);
      const released = await type('import', file, '--seller', seller, '--release');
      clearInterval(worker);
      await releaseImports(office.house);

      expect(told.out).toMatch(
        /left as it was until you decide:\n.*\n +2 +J-1 +paid +€1,234\.56 +€834\.56\n/,
      );
      expect(released.out).toContain('Released');
      expect((await type('list', '--search', 'J-2')).out).not.toContain('held');
    },
  );

  it('asks what a file leaves open, with what to type', async () => {
    const file = join(folder, 'ambigu.csv');
    writeFileSync(
      file,
      'Debtor;Invoice;Due date;Amount;Paid;Payment method;Settled date\nNorth;A-1;03/04/2026;10.00;1;P 30;2090-01-01\nNorth;A-2;05/06/2026;20.00;0;;\n',
    );
    const seller = await office.creditor();

    const { code, err } = await type('import', file, '--seller', seller);

    expect(code).toBe(1);
    expect(err).toContain('--answer dueDate=dmy');
    expect(err).toContain('--answer dueDate=mdy');
    expect(err).toContain('--answer paid=yes-no ');
    expect(err).toContain("--answer 'paymentMethod.P 30=direct_debit'");
    expect(err).toContain("--answer 'settledDate=Settled date'");
    expect(err).toContain('--answer settledDate=none');
  });

  it.each([
    [['nonsense'], 'no command "nonsense"'],
    [['user'], 'relance user add'],
    [['pay', 'C-1'], 'Use it like this: relance pay INVOICE AMOUNT'],
    [['list', '--colour', 'red'], "Unknown option '--colour'"],
    [['pay', 'NOWHERE', '10'], 'No invoice has the number NOWHERE'],
    [['show', 'C-1', '--url', 'http://127.0.0.1:9'], 'no key for http://127.0.0.1:9'],
    [['import', '/nowhere.csv'], '/nowhere.csv cannot be read'],
  ])('says what to type after %j', async (args, said) => {
    const { code, err } = await type(...args);

    expect(code).toBe(1);
    expect(err).toContain(said);
  });

  it('says how to start Relance when nobody answers', async () => {
    vi.stubEnv('RELANCE_KEY', 'any');

    const { code, err } = await type('list', '--url', 'http://127.0.0.1:9');

    vi.stubEnv('RELANCE_KEY', undefined);
    expect(code).toBe(1);
    expect(err).toContain('npm start');
  });

  it('keeps no key where it need not be', () => {
    expect(readFileSync(keysFile(), 'utf8')).not.toContain('any');
  });
});

describe('relance export', () => {
  it('writes invoices as CSV, the open ones unless all are wanted', async () => {
    const { number, debtorId } = await office.invoice({ number: 'EXP-1' });

    const { code, out } = await type('export', 'invoices', '--debtor', debtorId, '--language', 'fr');
    const none = await type('export', 'invoices', '--debtor', debtorId, '--state', 'paid');

    expect(code).toBe(0);
    expect(out).toContain(`${number};1;`);
    expect(none.out.trim().split('\r\n')).toHaveLength(1);
  });

  it('writes tasks and rejected rows into a file, and over none that is there', async () => {
    const file = join(folder, 'bad.csv');
    writeFileSync(file, 'Facture;Client;Montant TTC;Echeance\nB-1;Dupont;douze;25/02/2026\n');
    const worker = setInterval(() => void applyImports(office.house).catch(() => undefined), 200);
    const { out } = await type('import', file, '--seller', await office.creditor());
    clearInterval(worker);
    const id = /export rejected (\S+)/.exec(out)?.[1] ?? '';
    const to = join(folder, 'mend.csv');

    const tasks = await type('export', 'tasks');
    const rows = await type('export', 'rejected', id, '--to', to);
    const again = await type('export', 'rejected', id, '--to', to);
    const nobody = await type('export', 'rejected', '01890000-0000-7000-8000-000000000000');

    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    expect(tasks.out).toContain('Due on,Task');
    expect([rows.code, rows.out]).toEqual([0, `Written: ${to}\n`]);
    expect(readFileSync(to, 'utf8')).toContain('B-1,Dupont,douze');
    expect([again.code, again.err]).toEqual([1, `${to} is here already: give another name.\n`]);
    expect(nobody.code).toBe(1);
  });
});

describe('relance, when a claim goes outside,', () => {
  it('adds a firm with its mandate, hands it a litigation file, takes it back and closes it as lost', async () => {
    const { number, debtorId, creditorId } = await office.invoice({ amountCents: 300_000 });
    const other = await office.invoice({ debtorId, creditorId, amountCents: 20_000 });
    const agreed = [
      '--basis',
      'Factures.',
      '--guarantee',
      'RC.',
      '--fee',
      '12 %.',
      '--remittance',
      'Virement.',
    ];

    const added = await type(
      'firm',
      'new',
      'Recouvrement du Nord',
      '--kind',
      'collection_firm',
      '--email',
      'nord@cabinet.example',
    );
    await type('firm', 'mandate', 'recouvrement du nord', '--signed', '12/01/2026', '--receives', ...agreed);
    const officer = await type(
      'firm',
      'new',
      'Étude Nord',
      '--kind',
      'commissaire_de_justice',
      '--email',
      'etude@nord.example',
    );
    const listed = await type('firms');
    const opened = await type('litigation', 'open', number, other.number);
    const early = await type('litigation', 'hand-over', number, 'Nobody');
    const files = await type('litigation', '--invoice', number);
    const closed = await type(
      'litigation',
      'close',
      number,
      '--as',
      'irrecoverable',
      '--reason',
      'no_assets',
    );
    const again = await type('litigation', 'take-back', number, '--reason', 'other');

    expect(added.out).toMatch(
      /Recouvrement du Nord +collection_firm +insurance, funds_account, declaration, mandate/,
    );
    expect(listed.out).toMatch(
      /Recouvrement du Nord +collection_firm +insurance, funds_account, declaration /,
    );
    expect(officer.out).toMatch(/Étude Nord +commissaire_de_justice +nothing/);
    expect(opened.out).toMatch(/way +small_claims \(proposed\)/);
    expect(early.err).toContain('No external firm is called "Nobody".');
    expect(files.out).toMatch(/preparing +€3,200.00/);
    expect(closed.out).toMatch(/state +closed as irrecoverable/);
    expect(again).toMatchObject({ code: 1 });
  });

  it('hands over what is prepared, with the reason why a piece is missing, and takes it back', async () => {
    const { number } = await office.invoice({ amountCents: 300_000 });
    await type('litigation', 'open', number);
    const { items } = (await office.ask('GET', '/v1/litigation')).body;
    await office.ask('POST', `/v1/litigation/${items[0].id as string}/route`, { insured: true });

    const incomplete = await type('litigation', 'hand-over', number, 'external_firm');
    const handed = await type('litigation', 'hand-over', number, 'external_firm', '--because', 'Urgent.');
    const shown = await type('litigation', 'show', number);
    const back = await type('litigation', 'take-back', number, '--reason', 'too_slow');

    expect(incomplete.err).toContain('contract');
    expect(handed.out).toMatch(/state +handed/);
    expect(shown.out).toMatch(/firm +external_firm/);
    expect(back.out).toMatch(/state +closed as withdrawn/);
  });
});

describe('relance, when something is given to somebody,', () => {
  it('hands a file to a firm by its name, and takes it back', async () => {
    const { number } = await office.invoice();

    const handed = await type(
      'hand-over',
      number,
      'EXTERNAL_firm',
      '--because',
      'Urgent.',
      '--comment',
      'Complet.',
    );
    const unknown = await type('hand-over', number, 'sales');
    const back = await type('take-back', number);
    const twice = await type('take-back', number);

    expect([handed.code, handed.out]).toEqual([0, `external_firm has invoice ${number} now.\n`]);
    expect(unknown.err).toMatch(/No external firm is called "sales"\. There are: .*external_firm/);
    expect(back.out).toContain(`Invoice ${number} is taken back from external_firm.`);
    expect(twice).toMatchObject({ code: 1 });
  });

  it('gives a dispute to a resolver, and takes it from everybody', async () => {
    const { id, number } = await office.invoice();
    const none = await type('assign', number, 'resolver');
    await type('dispute', number, '--reason', 'quality');
    const assigned = async () =>
      (await office.ask('GET', `/v1/invoices/${id}`)).body.disputes[0].assignedTo as string | null;

    const given = await type('assign', number, 'resolver');
    const during = await assigned();
    const taken = await type('assign', number, 'nobody');

    expect(none.err).toContain('has no open dispute');
    expect([given.code, during]).toEqual([0, office.users.resolver]);
    expect([taken.code, await assigned()]).toEqual([0, null]);
  });

  it('says who there is, and which files a collector sees', async () => {
    const { out } = await type('assignees');
    const own = await type('user', 'portfolio', 'collector', 'own');
    const { body } = await office.ask('GET', '/v1/users', undefined, { as: 'admin' });

    expect(out).toMatch(/external_firm +external_firm/);
    expect(own).toMatchObject({ code: 0 });
    expect(body.items).toContainEqual(expect.objectContaining({ name: 'collector', portfolio: 'own' }));
    expect((await type('user', 'portfolio', 'collector', 'some')).code).toBe(1);
  });
});

describe('a rate of late payment', () => {
  it('is agreed with a debtor from a day on', async () => {
    const { debtorId } = await office.invoice();

    const agreed = await type('debtor', 'rate', debtorId, '7,5', '--from', '2026-01-01');
    const none = await type('debtor', 'rate', debtorId, 'none');

    expect([agreed.out, none.out]).toEqual([
      expect.stringContaining('Agreed: 7.5 % per year.'),
      expect.stringContaining('Nothing is agreed with him any more.'),
    ]);
    const { body } = await office.ask('GET', `/v1/debtors/${debtorId}`);
    expect(body.earlierPenaltyRates).toMatchObject([{ hundredths: null }, { hundredths: 750 }]);
  });
});

describe('debtors who stand here twice', () => {
  it('are compared, merged and parted', async () => {
    const gone = await office.invoice();
    const into = await office.invoice({ creditorId: gone.creditorId });

    const shown = await type('debtor', 'merge', gone.debtorId, into.debtorId, '--dry-run');
    const merged = await type('debtor', 'merge', gone.debtorId, into.debtorId);
    const mergeId = /debtor part (\S+)/.exec(merged.out)?.[1] ?? '';
    const listed = await type('debtor', 'merges', '--debtor', into.debtorId);
    const again = await type('debtor', 'merge', gone.debtorId, into.debtorId);
    const parted = await type('debtor', 'part', mergeId);

    expect(shown.out).toMatch(/GONE: .*INTO: .*files +1 +1/s);
    expect(merged.out).toContain('Merged: 1 invoice came.');
    expect(listed.out).toContain(mergeId);
    expect([again.code, again.err]).toEqual([1, expect.stringContaining(into.debtorId)]);
    expect(parted.out).toContain('Parted: 1 invoice went back.');
  });
});
