#!/usr/bin/env node
/**
 * Verifies the file of one invoice that Relance has given: needs Node 18 or newer and nothing else, no network, no Relance.
 *
 *   node verify.mjs [FOLDER] [--lang fr|en] [--key FILE.pem]
 *
 * Everything is computed again from what lies in the folder: the hash of each file, the chain of the journal from its first
 * entry, the numbers of the facts, the words of people and the messages against their hashes in the journal, the account
 * against the facts about money, the histories of the workflow against the facts, the rules against their hashes. What does
 * not hold is named, file and entry, and ends it with code 1. With `--key`, a file of which no anchor holds an entry ends it
 * with code 2: nothing in it contradicts the rest, and nothing is what the key was given for.
 *
 * One file on purpose, and as plain as can be: whoever has to rely on it should be able to read it in one sitting.
 */
import { createHash, createPublicKey, verify as isSigned } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, posix, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const args = process.argv.slice(2);
const option = (name) => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined);
const folder = resolve(
  args.find((arg, place) => !arg.startsWith('--') && !(args[place - 1] ?? '').startsWith('--')) ??
    dirname(fileURLToPath(import.meta.url)),
);

const failures = [];
const lines = [];
let language = option('--lang') ?? 'en';

/** What holds, in one line of each language. */
const holds = (fr, en) => void lines.push(`  ✓ ${language === 'fr' ? fr : en}`);
/** What nobody can say, and why. */
const open = (fr, en) => void lines.push(`  – ${language === 'fr' ? fr : en}`);
/** So many things that are here and can't be checked from here: masked, left out, or older than their proofs. */
let unchecked = 0;
/** A key was given, and no anchor holds an entry of the file: there is nothing that it could prove. */
let isUnanchored = false;
/** What does not hold: the file, the entry of it, and what is wrong. */
const broken = (file, entry, fr, en) => {
  failures.push(file);
  lines.push(`  ✗ ${file}${entry === '' ? '' : `, ${entry}`}: ${language === 'fr' ? fr : en}`);
};
const section = (fr, en) => void lines.push(`\n${language === 'fr' ? fr : en}`);
const entryNo = (seq) => (language === 'fr' ? `écriture ${seq}` : `entry ${seq}`);
const counted = (n, one, many = `${one}s`) => `${n} ${n < 2 ? one : many}`;
const inUnits = (cents) => (cents / 100).toFixed(2).replace('.', language === 'fr' ? ',' : '.');
const lineNo = (place) => (language === 'fr' ? `ligne ${place + 1}` : `line ${place + 1}`);

/** Runs one check: it holds when it has found nothing. */
function check(work, fr, en) {
  const before = failures.length;
  const said = work();
  if (failures.length === before) holds(fr(said), en(said));
}

const sha256 = (...parts) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
};
const path = (name) => join(folder, ...name.split('/'));
const has = (name) => existsSync(path(name));
const bytesOf = (name) => readFileSync(path(name));

/** The JSON of a file; undefined, and named, where it is not there or no JSON. */
function jsonOf(name) {
  try {
    return JSON.parse(bytesOf(name).toString('utf8'));
  } catch {
    broken(name, '', 'absent ou illisible', 'missing or unreadable');
    return undefined;
  }
}

/** The rows of a JSON Lines file, each with the text of its line. */
function rowsOf(name) {
  if (!has(name)) {
    broken(name, '', 'absent', 'missing');
    return [];
  }
  const texts = bytesOf(name).toString('utf8').split('\n');
  if (texts.at(-1) === '') texts.pop();
  return texts.flatMap((text, place) => {
    try {
      return [{ text, place, row: JSON.parse(text) }];
    } catch {
      broken(name, lineNo(place), 'ligne illisible', 'unreadable line');
      return [];
    }
  });
}

/** All files of the folder, by their path in it; what systems leave behind when a folder is looked at is none of ours. */
function filesIn(under = '') {
  return readdirSync(join(folder, under), { withFileTypes: true }).flatMap((entry) => {
    const name = posix.join(under.split(sep).join('/'), entry.name);
    if (['.DS_Store', 'Thumbs.db', 'desktop.ini', '__MACOSX'].includes(entry.name)) return [];
    return entry.isDirectory() ? filesIn(name) : [name];
  });
}

const headersIn = (files) =>
  files.filter((name) => name.startsWith('messages/') && name.endsWith('/headers.json'));
/** Where the reports of a message lie, by where its headers do. */
const receiptOf = (name) => `receipts/${posix.basename(posix.dirname(name))}.json`;

// ── The files ────────────────────────────────────────────────────────────────────────────────────────────────────────
function verifyFiles(manifest) {
  const listed = new Map((manifest.files ?? []).map((file) => [file.path, file]));
  for (const [name, { sha256: expected, sizeBytes }] of listed) {
    if (!has(name)) {
      broken(
        name,
        '',
        'figure au manifeste et manque dans le dossier',
        'is in the manifest and missing here',
      );
      continue;
    }
    const bytes = bytesOf(name);
    if (sha256(bytes) !== expected || bytes.length !== sizeBytes)
      broken(name, '', 'n’est pas celui du manifeste', 'is not the one of the manifest');
  }
  for (const name of filesIn())
    if (!listed.has(name) && name !== 'manifest.json' && name !== 'MANIFEST.sha256')
      broken(name, '', 'ne figure pas au manifeste', 'is not in the manifest');
  const list = [...listed.values()].map((file) => `${file.sha256}  ${file.path}\n`).join('');
  if (sha256(list) !== manifest.whole)
    broken(
      'manifest.json',
      '',
      'l’empreinte d’ensemble ne correspond pas à sa liste',
      'its hash of the whole is not that of its list',
    );
  if (!has('MANIFEST.sha256') || bytesOf('MANIFEST.sha256').toString('utf8') !== list)
    broken('MANIFEST.sha256', '', 'diffère de manifest.json', 'differs from manifest.json');
  return listed.size;
}

/** What is no list's and stands for itself. */
const readable = [
  'README.txt',
  'index.html',
  'timeline.pdf',
  'verify.mjs',
  'MANIFEST.sha256',
  'manifest.json',
];
const data = ['journal.jsonl', 'journal-others.jsonl', 'facts.jsonl', 'ledger.jsonl', 'texts.jsonl'];
const about = ['parties.json', 'scenario.json', 'calendar.json', 'claim/claim.json', 'claim/claim.csv'];
const lists = ['documents/index.json', 'histories/index.json', 'anchors/inclusion.json'];

/** A file that no list names was put beside what is proved: a manifest that lists it too makes it no part of the file. */
function verifyNames() {
  const listIn = (name) => (has(name) ? jsonOf(name) : undefined);
  const anchor = listIn('anchors/inclusion.json')?.name;
  const known = new Set([
    ...[...readable, ...data, ...about, ...lists],
    ...['.json', '.sig', '.tsr'].map((end) => `anchors/${anchor}${end}`),
    ...(anchor ? ['anchors/public-key.pem'] : []),
    ...(listIn('documents/index.json') ?? []).map((paper) => paper.path),
    ...(listIn('histories/index.json')?.runs ?? []).map((run) => run.path),
  ]);
  const files = filesIn();
  for (const name of headersIn(files)) {
    const { html, text, pictures = [], letter } = jsonOf(name)?.content ?? {};
    const seen = html ? `${posix.dirname(name)}/as-seen.html` : name;
    for (const one of [name, receiptOf(name), seen, html, text, letter, ...pictures]) known.add(one);
  }
  for (const name of files)
    if (!known.has(name))
      broken(name, '', 'aucune liste du dossier ne le nomme', 'no list of this folder names it');
}

// ── The journal ──────────────────────────────────────────────────────────────────────────────────────────────────────
/** The hash that an entry must have after the one before it. */
const hashOfEntry = (before, seq, { fact, type, at, body }) =>
  sha256([before, seq, fact ?? '', type, at, body].join('\n'));

function verifyChain(file, subject, entries, given) {
  let before = { seq: 0, hash: sha256(`relance\n${subject}`), at: 0 };
  for (const { row } of entries) {
    const where = `${subject} ${entryNo(row.seq)}`;
    if (row.seq !== before.seq + 1)
      broken(
        file,
        `${subject} ${entryNo(before.seq + 1)}`,
        `manque ou n’est pas à sa place : la suivante porte le numéro ${row.seq}`,
        `is missing or out of place: the next one is number ${row.seq}`,
      );
    else if (row.prev_hash !== before.hash)
      broken(file, where, 'ne suit pas l’écriture précédente', 'does not follow the entry before it');
    if (row.hash !== hashOfEntry(row.prev_hash, row.seq, row))
      broken(
        file,
        where,
        `(${row.type}) n’est pas ce qui a été écrit`,
        `(${row.type}) is not what was written`,
      );
    if (Date.parse(row.at) < before.at - slackMs)
      broken(
        file,
        where,
        `est datée du ${row.at}, avant celle qui la précède`,
        `is dated ${row.at}, before the one that it follows`,
      );
    before = { seq: row.seq, hash: row.hash, at: Date.parse(row.at) };
  }
  if (entries.length !== given.entries || before.hash !== given.whole.head)
    broken(
      file,
      subject,
      `finit à l’écriture ${before.seq} ; le manifeste en annonce ${given.entries}, jusqu’à ${given.whole.head}`,
      `ends at entry ${before.seq}; the manifest says ${given.entries}, up to ${given.whole.head}`,
    );
  return before;
}

/** Clocks of several machines differ by a little. */
const slackMs = 300_000;

/** Some entries of a chain: each is what was written, but nobody can say from here what stands between them. */
function verifyExcerpt(file, subject, entries) {
  for (const { row } of entries)
    if (row.hash !== hashOfEntry(row.prev_hash, row.seq, row))
      broken(
        file,
        `${subject} ${entryNo(row.seq)}`,
        `(${row.type}) n’est pas ce qui a été écrit`,
        `(${row.type}) is not what was written`,
      );
}

function verifyFacts(own, facts) {
  let number = 0;
  for (const { row } of own) {
    if (row.fact === null) continue;
    number += 1;
    let fact = {};
    try {
      fact = JSON.parse(row.body);
    } catch {
      // Named by what follows.
    }
    if (row.fact !== number || fact.n !== number || fact.type !== row.type || fact.at !== Date.parse(row.at))
      broken(
        'journal.jsonl',
        entryNo(row.seq),
        `devrait être le fait ${number} ; c’est ${row.type} ${row.fact}, qui se dit ${fact.type} ${fact.n}`,
        `should be fact ${number}; it is ${row.type} ${row.fact}, and says ${fact.type} ${fact.n}`,
      );
    if (facts[number - 1]?.text !== row.body)
      broken(
        'facts.jsonl',
        lineNo(number - 1),
        `n’est pas le fait ${number} du journal`,
        `is not fact ${number} of the journal`,
      );
  }
  if (facts.length !== number)
    broken(
      'facts.jsonl',
      '',
      `contient ${facts.length} faits, le journal ${number}`,
      `has ${facts.length} facts, the journal ${number}`,
    );
  return number;
}

/** Every object in a body that names something by that field, wherever it stands. */
function naming(body, field) {
  const found = [];
  const look = (value) => {
    if (typeof value !== 'object' || value === null) return;
    if (typeof value[field] === 'string') found.push(value);
    for (const inner of Object.values(value)) look(inner);
  };
  try {
    look(JSON.parse(body));
  } catch {
    // A body that is no JSON was named above.
  }
  return found;
}

// ── What was erased ──────────────────────────────────────────────────────────────────────────────────────────────────
/** What entries say was erased, by id: nothing else may be empty. */
function erasedBy(others) {
  const ids = new Set();
  for (const { row } of others)
    if (row.type === 'personErased')
      for (const { messageIds = [], documentIds = [], textIds = [] } of naming(row.body, 'contactId'))
        for (const id of [...messageIds, ...documentIds, ...textIds]) ids.add(id);
  return ids;
}

/** Whether something may be given otherwise than whole; named where it may not. */
function mayBe(state, { file, entry, id, erased, manifest, allowed }) {
  if (state === 'erased' && !erased.has(id))
    broken(
      file,
      entry,
      'est dit effacé, ce qu’aucune écriture n’atteste',
      'is said to be erased, which no entry bears out',
    );
  if ((state === 'masked' || state === 'left_out') && !allowed.includes(`${manifest.thirdPersons}/${state}`))
    broken(
      file,
      entry,
      `est « ${state} » dans un dossier « ${manifest.thirdPersons} »`,
      `is "${state}" in a file that is "${manifest.thirdPersons}"`,
    );
  if (state !== 'erased') unchecked += 1;
}

// ── The words of people ──────────────────────────────────────────────────────────────────────────────────────────────
function verifyTexts(entries, texts, manifest, erased) {
  const given = new Map(texts.map(({ row, place }) => [row.textId, { ...row, place }]));
  const counts = { whole: 0, masked: 0, left_out: 0, erased: 0 };
  for (const { row } of entries)
    for (const { textId, sha256: expected } of naming(row.body, 'textId')) {
      const text = given.get(textId);
      if (!text || !(text.state in counts)) {
        broken(
          'texts.jsonl',
          textId,
          `manque ; l’écriture ${row.seq} le nomme`,
          `is missing; entry ${row.seq} names it`,
        );
        continue;
      }
      counts[text.state] += 1;
      const entry = `${lineNo(text.place)} (${entryNo(row.seq)})`;
      // What was noted of a debtor is not about this invoice alone: only a full file gives it.
      const ofDebtor = row.subject.startsWith('debtor/') ? ['masked/left_out'] : [];
      const allowed = ['masked/masked', 'left_out/left_out', ...ofDebtor];
      if (text.state !== 'whole')
        mayBe(text.state, { file: 'texts.jsonl', entry, id: textId, erased, manifest, allowed });
      else if (sha256(`${text.salt}\n${text.content}`) !== expected)
        broken('texts.jsonl', entry, 'n’est pas ce qui avait été écrit', 'is not what had been written');
    }
  return counts;
}

// ── The messages ─────────────────────────────────────────────────────────────────────────────────────────────────────
function verifyMessages(own, facts, manifest, erased) {
  const entriesOf = new Map();
  let firstProof = Infinity;
  for (const { row } of own)
    for (const body of naming(row.body, 'messageId')) {
      entriesOf.set(body.messageId, [...(entriesOf.get(body.messageId) ?? []), { row, body }]);
      if (typeof body.messageProof === 'string') firstProof = Math.min(firstProof, row.seq);
    }
  const levels = new Map((jsonOf('scenario.json')?.steps ?? []).map(({ key, level }) => [key, level]));
  const counts = { proven: 0, unproven: 0, masked: 0, erased: 0 };
  const found = new Set();
  for (const name of filesIn('messages').filter((one) => one.endsWith('/headers.json'))) {
    const headers = jsonOf(name);
    if (!headers) continue;
    const id = headers.messageId;
    found.add(id);
    const named = entriesOf.get(id) ?? [];
    verifyHeaders(name, headers, named, own, levels);
    verifyFigures(name, headers, named, own, facts);
    verifyOutcome(name, headers, named, own);
    verifyReceipt(name, own);
    if (headers.state === 'whole') verifyMessage(name, headers, named, firstProof, counts);
    else {
      counts[headers.state === 'erased' ? 'erased' : 'masked'] += 1;
      const allowed = ['masked/masked', 'left_out/masked'];
      mayBe(headers.state, { file: name, entry: '', id, erased, manifest, allowed });
    }
  }
  for (const [id, named] of entriesOf) {
    const proven = named.find(({ body }) => typeof body.messageProof === 'string');
    if (proven && !found.has(id))
      broken(
        'messages/',
        id,
        `manque ; l’écriture ${proven.row.seq} dit qu’il est parti`,
        `is missing; entry ${proven.row.seq} says that it left`,
      );
  }
  unchecked += counts.unproven;
  return counts;
}

/** A field of headers that is not what the journal says. */
function differsFrom(name, headers, field, said) {
  broken(
    name,
    field,
    `${JSON.stringify(headers[field])} ; le journal dit ${JSON.stringify(said)}`,
    `${JSON.stringify(headers[field])}; the journal says ${JSON.stringify(said)}`,
  );
}

/** The step that a message takes, by the entries that name it. */
const stepIn = (named) =>
  named.flatMap(({ body }) => (typeof body.step === 'string' ? [body.step] : []))[0] ?? null;

/** The levels at which several invoices share a message, from the mildest. */
const amicable = ['preventive', 'reminder', 'firm'];

/** The last entry before that one which asks for the step. */
const askingOf = (own, step, first) =>
  own
    .filter(
      ({ row }) =>
        row.type === 'stepRequested' &&
        row.seq < (first?.seq ?? 0) &&
        naming(row.body, 'step')[0]?.step === step,
    )
    .at(-1);

/** What its headers say of a message that the journal says too: when it left, as which step and level, what became of it. */
function verifyHeaders(name, headers, named, own, levels) {
  const differs = (field, said) => differsFrom(name, headers, field, said);
  const claimed = Date.parse(headers.claimedAt ?? headers.plannedAt);
  const [first, last] = [named[0]?.row, named.at(-1)?.row];
  // Whether it takes a step, and which, says the journal; what its headers say must agree.
  const step = stepIn(named);
  const takesStep = step !== null && levels.has(step);
  if (named.length > 0 && headers.takesStep !== takesStep) differs('takesStep', takesStep);
  if (takesStep && headers.step !== step) differs('step', step);
  const ofStep = levels.get(step);
  if (takesStep && headers.level !== ofStep) {
    // A reminder of several invoices is as firm as the firmest of its steps, of which the others are in other files.
    const isOfAnother =
      amicable.includes(ofStep) && amicable.indexOf(headers.level) > amicable.indexOf(ofStep);
    if (!isOfAnother) differs('level', ofStep);
    else {
      unchecked += 1;
      open(
        `${name} : niveau « ${headers.level} », son étape ici est « ${ofStep} » ; seul le dossier d’une autre facture du même message dirait si c’est le sien.`,
        `${name}: level "${headers.level}", its step here is "${ofStep}"; only the file of another invoice of the same message could say whether it is that one's.`,
      );
    }
  }
  // A notice lists only invoices at its level: one that takes no step of this one is none of its.
  if (!takesStep && headers.level === 'formal_notice') differs('level', null);
  const asked = askingOf(own, step, first);
  if (last && claimed > Date.parse(last.at))
    broken(
      name,
      'claimedAt',
      `après l’écriture ${last.seq}, qui en parle`,
      `is after entry ${last.seq}, which speaks of it`,
    );
  if (takesStep && asked && claimed < Date.parse(asked.row.at))
    broken(
      name,
      'claimedAt',
      `avant d’être demandé (écriture ${asked.row.seq})`,
      `is before it was asked for (entry ${asked.row.seq})`,
    );
  const said = (...types) =>
    named.some(
      ({ row, body }) =>
        types.includes(row.type) || (row.type === 'deliveryReported' && types.includes(body.kind)),
    );
  const bornOut = {
    delivered: () => said('stepDelivered', 'delivered'),
    bounced: () => said('stepFailed', 'bounced', 'blocked', 'undelivered', 'failed'),
    complained: () => said('stepFailed', 'complained', 'opted_out'),
    refused: () => said('stepFailed'),
  }[headers.outcome];
  if (takesStep && bornOut && !bornOut())
    broken(
      name,
      'outcome',
      `« ${headers.outcome} », ce qu’aucune écriture ne dit`,
      `"${headers.outcome}", which no entry says`,
    );
}

/**
 * What was owed once so many facts were known, and between which sums what could be asked of it lay: what is contested is
 * not asked for until it is decided, and of what was granted facts alone don't say how much is credited by then.
 */
function owedAt(facts, last) {
  let balance = 0;
  const disputes = new Map();
  for (const { row: fact } of facts.filter(({ row }) => row.n <= last)) {
    if (typeof fact.balanceCents === 'number') balance = fact.balanceCents;
    if (fact.type === 'disputeOpened')
      disputes.set(fact.disputeId, { cents: fact.contestedCents, isGranted: false });
    if (fact.type !== 'disputeResolved') continue;
    const dispute = disputes.get(fact.disputeId);
    if (['rejected', 'unjustified'].includes(fact.outcome)) disputes.delete(fact.disputeId);
    else if (dispute) disputes.set(fact.disputeId, { ...dispute, isGranted: true });
  }
  const owed = Math.max(0, balance);
  const without = (contested) =>
    owed -
    Math.min(
      owed,
      contested.reduce((sum, { cents }) => sum + Math.max(0, cents), 0),
    );
  const all = [...disputes.values()];
  return { balance, least: without(all), most: without(all.filter(({ isGranted }) => !isGranted)) };
}

/** The sums of a message, against the facts that were known when it was written. */
function verifyFigures(name, headers, named, own, facts) {
  const { atFact, askedCents, takesStep } = headers;
  const first = named.find(({ row }) => row.fact !== null)?.row;
  const asked = askingOf(own, stepIn(named), first);
  const [from, to] = [asked?.row.fact ?? 1, takesStep && first ? first.fact - 1 : facts.length];
  if (!(atFact >= from && atFact <= to)) {
    broken(
      name,
      'atFact',
      `${atFact} ; d’après le journal, entre ${from} et ${to}`,
      `${atFact}; by the journal, between ${from} and ${to}`,
    );
    return;
  }
  const { balance, least, most } = owedAt(facts, atFact);
  if (headers.balanceCents !== balance) differsFrom(name, headers, 'balanceCents', balance);
  // Words, which take no step, ask for nothing.
  const isPossible = (askedCents >= least && askedCents <= most) || (!takesStep && askedCents === 0);
  if (!isPossible)
    broken(
      name,
      'askedCents',
      `${askedCents} ; d’après les ${atFact} premiers faits, ${least === most ? least : `entre ${least} et ${most}`}`,
      `${askedCents}; by the first ${atFact} facts, ${least === most ? least : `between ${least} and ${most}`}`,
    );
}

const [arrived, left] = [
  ['delivered', 'bounced', 'complained'],
  ['accepted', 'delivered', 'bounced', 'complained'],
];

/** The outcomes that a report of a carrier leaves possible: a later one never makes less of it. */
const outcomesOfReport = {
  delivered: arrived,
  opted_out: arrived,
  complained: ['complained'],
  ...Object.fromEntries(
    ['bounced', 'hard_bounce', 'blocked', 'undelivered', 'failed'].map((kind) => [
      kind,
      ['bounced', 'complained'],
    ]),
  ),
};

/** The outcomes that an entry about a message leaves possible; undefined where it says nothing of them. */
function outcomesAfter({ type }, { kind, reason, proof, channel, by }) {
  switch (type) {
    case 'stepUnconfirmed':
      return ['unknown', 'refused', 'cancelled', ...left];
    case 'stepHanded':
      return ['cancelled', ...left];
    case 'stepSent':
    case 'stepPosted':
    case 'wordSent':
      return left;
    case 'stepDelivered':
      // What the post or a person says of a letter or a call does not change how it left.
      return proof === 'outbox' || proof === 'provider' ? arrived : left;
    case 'deliveryReported':
      return outcomesOfReport[kind];
    case 'stepFailed':
      if (channel !== 'email' && channel !== 'sms') return undefined;
      if (by?.kind === 'provider') return outcomesOfReport[reason];
      return by?.kind === 'relance' ? ['refused'] : undefined;
    default:
      return undefined;
  }
}

/** What became of a message is no less than what the journal says of it. */
function verifyOutcome(name, headers, named, own) {
  const step = stepIn(named);
  const ofStep = own.filter(({ row }) => naming(row.body, 'step').some((body) => body.step === step));
  // The entry of the day on which a letter was posted names no message: it is the one that lay on the desk then.
  const posted = ofStep.filter(
    ({ row }) =>
      row.type === 'stepPosted' &&
      naming(
        ofStep.filter((one) => one.row.type === 'stepHanded' && one.row.seq < row.seq).at(-1)?.row.body ?? '',
        'messageId',
      ).some(({ messageId }) => messageId === headers.messageId),
  );
  const wrong = [...named, ...posted.map(({ row }) => ({ row, body: {} }))]
    .sort((one, other) => one.row.seq - other.row.seq)
    .find(({ row, body }) => outcomesAfter(row, body)?.includes(headers.outcome) === false);
  if (wrong)
    broken(
      name,
      'outcome',
      `« ${headers.outcome} » ; l’écriture ${wrong.row.seq} (${wrong.row.type}) dit autrement`,
      `"${headers.outcome}"; entry ${wrong.row.seq} (${wrong.row.type}) says otherwise`,
    );
}

/** The facts that are repeated beside the reports of a provider. */
function verifyReceipt(name, own) {
  const file = receiptOf(name);
  const bodies = new Set(own.map(({ row }) => row.body));
  for (const fact of jsonOf(file)?.facts ?? [])
    if (!bodies.has(JSON.stringify(fact)))
      broken(file, `${fact.type} ${fact.n}`, 'n’est pas un fait du journal', 'is no fact of the journal');
}

function verifyMessage(name, headers, named, firstProof, counts) {
  const folderOf = posix.dirname(name);
  const { html, text, pictures, letter } = headers.content;
  const parts = [headers.subject ?? '', '\0'];
  for (const body of [html, text]) parts.push(body && has(body) ? bytesOf(body) : '', '\0');
  for (const picture of [...pictures, ...(letter ? [letter] : [])])
    if (has(picture)) parts.push(bytesOf(picture));
  const content = sha256(...parts);
  if (content !== headers.contentSha256)
    broken(
      folderOf,
      '',
      'le message n’est pas celui dont ses en-têtes donnent l’empreinte',
      'the message is not the one whose hash its headers give',
    );
  const seen = `${folderOf}/as-seen.html`;
  if (html && has(html) && has(seen)) {
    const shown = pictures.reduce(
      (page, picture) =>
        page.replaceAll(
          `cid:${headers.content.cids[picture]}`,
          `data:image/png;base64,${has(picture) ? bytesOf(picture).toString('base64') : ''}`,
        ),
      bytesOf(html).toString('utf8'),
    );
    if (shown !== bytesOf(seen).toString('utf8'))
      broken(seen, '', 'n’est pas body.html avec ses images', 'is not body.html with its pictures');
  }
  const proven = named.filter(({ body }) => typeof body.messageProof === 'string').at(-1);
  if (!proven) {
    if (headers.takesStep && named.length === 0)
      broken(name, '', 'aucune écriture du journal n’en parle', 'no entry of the journal speaks of it');
    else if (named.length > 0 && named[0].row.seq > firstProof)
      broken(
        name,
        entryNo(named[0].row.seq),
        'ne porte pas de preuve, alors que le journal en donne à cette date',
        'bears no proof, though the journal gives them by then',
      );
    else counts.unproven += 1;
    return;
  }
  const to = sha256(`${headers.salt}\n${headers.recipient}`);
  if (sha256([headers.salt, headers.channel, to, content].join('\n')) === proven.body.messageProof)
    counts.proven += 1;
  else
    broken(
      folderOf,
      entryNo(proven.row.seq),
      'le journal atteste un autre message (contenu, destinataire ou canal)',
      'the journal proves another message (content, recipient or channel)',
    );
}

// ── The account ──────────────────────────────────────────────────────────────────────────────────────────────────────
function verifyLedger(facts, ledger, others, manifest) {
  const file = 'ledger.jsonl';
  let balance = 0;
  const moments = new Map();
  for (const { row, place } of ledger) {
    balance += row.amountCents;
    if (row.balanceCents !== balance)
      broken(
        file,
        lineNo(place),
        `solde ${row.balanceCents}, la somme est ${balance}`,
        `balance ${row.balanceCents}, the sum is ${balance}`,
      );
    moments.set(Date.parse(row.at), { balance, place });
  }
  // Facts about money carry the balance that the ledger held after them; of one moment, the last one does.
  const said = new Map();
  for (const { row: fact } of facts) if (typeof fact.balanceCents === 'number') said.set(fact.at, fact);
  const at = (moment) => {
    let sum = 0;
    for (const { row } of ledger) if (Date.parse(row.at) <= moment) sum += row.amountCents;
    return sum;
  };
  for (const [moment, fact] of said)
    if (at(moment) !== fact.balanceCents)
      broken(
        file,
        `${fact.type} ${fact.n}`,
        `le fait ${fact.n} dit ${fact.balanceCents} centimes, le compte ${at(moment)}`,
        `fact ${fact.n} says ${fact.balanceCents} cents, the account ${at(moment)}`,
      );
  for (const [moment, { place }] of moments)
    if (!said.has(moment))
      broken(
        file,
        lineNo(place),
        'aucun fait du journal ne dit ce mouvement',
        'no fact of the journal tells this movement',
      );
  for (const { row: fact } of facts) verifyMovement(fact, ledger);
  for (const line of ledger) verifyReference(line, others, manifest);
  const currency = facts[0]?.row.currency;
  for (const { row, place } of ledger)
    if (row.currency !== currency)
      broken(
        file,
        lineNo(place),
        `est en ${row.currency} ; le fait 1 dit ${currency}`,
        `is in ${row.currency}; fact 1 says ${currency}`,
      );
  if (balance !== manifest.balanceCents)
    broken(
      'manifest.json',
      'balanceCents',
      `${manifest.balanceCents} ; le compte dit ${balance}`,
      `${manifest.balanceCents}; the account says ${balance}`,
    );
  return balance;
}

/** What each fact about money put into the account: under which name, of how much, on which day. */
const movements = {
  invoiceRegistered: { kind: 'invoice', sign: 1, day: 'issueDate' },
  paymentRecorded: { kind: 'payment', source: 'paymentId', sign: -1 },
  paymentReturned: { kind: 'payment_return', source: 'paymentId', sign: 1 },
  creditNoteRecorded: { kind: 'credit_note', source: 'creditNoteId', sign: -1 },
  writtenOff: { kind: 'write_off', sign: -1 },
  waived: { kind: 'waiver', sign: -1 },
};

function verifyMovement(fact, ledger) {
  const { kind, source, sign, day = 'on' } = movements[fact.type] ?? {};
  if (kind === undefined) return;
  const own = ledger.filter(
    ({ row }) =>
      row.kind === kind &&
      Date.parse(row.at) === fact.at &&
      (source === undefined || row[source] === fact[source]),
  );
  const sum = own.reduce((cents, { row }) => cents + row.amountCents, 0);
  if (sum !== sign * fact.amountCents)
    broken(
      'ledger.jsonl',
      `${fact.type} ${fact.n}`,
      `le fait ${fact.n} dit ${sign * fact.amountCents} centimes, le compte ${sum}`,
      `fact ${fact.n} says ${sign * fact.amountCents} cents, the account ${sum}`,
    );
  for (const { row, place } of own)
    // An invoice that bears no date is entered on the day on which it became known.
    if (fact[day] && row.day !== fact[day])
      broken(
        'ledger.jsonl',
        lineNo(place),
        `est du ${row.day} ; le fait ${fact.n} dit ${fact[day]}`,
        `is of ${row.day}; fact ${fact.n} says ${fact[day]}`,
      );
}

/** What the bank wrote with a payment, and the number of a credit note, against the chain of the debtor where it names them. */
function verifyReference({ row, place }, others, manifest) {
  const [type, field] = row.paymentId
    ? ['paymentEntered', 'paymentId']
    : ['creditNoteEntered', 'creditNoteId'];
  const entry = others.find(
    (one) => one.row.type === type && naming(one.row.body, field).some((body) => body[field] === row[field]),
  )?.row;
  if (!entry) return;
  const file = 'ledger.jsonl';
  if (row.referenceState !== 'whole') {
    const allowed = ['masked/masked', 'left_out/left_out'];
    mayBe(row.referenceState, { file, entry: lineNo(place), erased: new Set(), manifest, allowed });
    return;
  }
  const [said] = naming(entry.body, field);
  const isSaid = row.paymentId
    ? said.reference === (row.reference === null ? null : sha256(`${row.referenceSalt}\n${row.reference}`))
    : said.number === row.reference;
  if (!isSaid)
    broken(
      file,
      lineNo(place),
      `sa référence n’est pas celle de l’écriture ${entry.seq} de ${entry.subject}`,
      `its reference is not the one of entry ${entry.seq} of ${entry.subject}`,
    );
}

// ── The papers ───────────────────────────────────────────────────────────────────────────────────────────────────────
function verifyPapers(own, index, manifest, erased) {
  const papers = new Map(index.map((paper) => [paper.documentId, paper]));
  const counts = { whole: 0, absent: 0, proven: 0 };
  // A letter is proved with its message.
  const proven = new Set(headersIn(filesIn()).map((name) => jsonOf(name)?.content?.letter));
  for (const paper of index) {
    if (paper.state !== 'whole') {
      counts.absent += 1;
      const allowed = ['masked/left_out', 'left_out/left_out'];
      const about = { file: 'documents/index.json', entry: paper.documentId, id: paper.documentId };
      if (paper.state !== 'removed') mayBe(paper.state, { ...about, erased, manifest, allowed });
      continue;
    }
    counts.whole += 1;
    if (!has(paper.path) || sha256(bytesOf(paper.path)) !== paper.sha256)
      broken(paper.path, '', 'n’est pas la pièce de la liste', 'is not the paper of the list');
  }
  const removed = new Set(
    own
      .filter(({ row }) => row.type === 'litigationPieceRemoved')
      .flatMap(({ row }) => naming(row.body, 'pieceId').map((one) => one.pieceId)),
  );
  for (const { row } of own)
    for (const body of naming(row.body, 'documentId')) {
      const { documentId, pieceId, sha256: expected } = body;
      if (expected === undefined) continue;
      const paper = papers.get(documentId);
      if (paper) verifyPaper(paper, row, body);
      if (!paper)
        broken(
          'documents/index.json',
          documentId,
          `manque ; l’écriture ${row.seq} la nomme`,
          `is missing; entry ${row.seq} names it`,
        );
      else if (paper.state === 'removed' && !removed.has(pieceId))
        broken(
          'documents/index.json',
          documentId,
          'retirée, ce qu’aucune écriture ne dit',
          'taken out, which no entry says',
        );
      else if (paper.state === 'whole') {
        if (paper.sha256 === expected) proven.add(paper.path);
        else
          broken(
            paper.path,
            entryNo(row.seq),
            'le journal atteste une autre pièce',
            'the journal proves another paper',
          );
      }
    }
  counts.proven = index.filter((paper) => paper.state === 'whole' && proven.has(paper.path)).length;
  unchecked += counts.whole - counts.proven;
  return counts;
}

/** What the list of papers says of one that an entry says too: its kind, and of what was kept how and when. */
function verifyPaper(paper, row, { kind, mediaType, way = null }) {
  const said = {
    documentKept: { kind, mediaType, way, at: row.at },
    litigationPiece: { kind: 'litigation_piece' },
  }[row.type];
  for (const [field, value] of Object.entries(said ?? {}))
    if (paper[field] !== value)
      broken(
        'documents/index.json',
        `${paper.documentId}, ${field}`,
        `${paper[field]} ; l’écriture ${row.seq} dit ${value}`,
        `${paper[field]}; entry ${row.seq} says ${value}`,
      );
}

// ── The anchor ───────────────────────────────────────────────────────────────────────────────────────────────────────
/** The root to which a leaf climbs by the hashes beside its way (RFC 6962, section 2.1). */
function rootFrom(leaf, index, count, path) {
  const climb = (hash, at, among, beside) => {
    if (among <= 1 || beside.length === 0) return hash;
    const split = 2 ** Math.floor(Math.log2(among - 1));
    const [below, next] = [beside.slice(0, -1), Buffer.from(beside.at(-1), 'hex')];
    const node = (left, right) =>
      createHash('sha256').update(Buffer.of(1)).update(left).update(right).digest();
    return at < split
      ? node(climb(hash, at, split, below), next)
      : node(next, climb(hash, at - split, among - split, below));
  };
  const start = createHash('sha256').update(Buffer.of(0)).update(leaf).digest();
  return climb(start, index, count, path).toString('hex');
}

/** The key by which the anchor is to be signed: the one that is given, else the enclosed one, which says less. */
function keyOfAnchor() {
  const given = option('--key');
  if (given !== undefined) return createPublicKey(readFileSync(given));
  unchecked += 1;
  if (!has('anchors/public-key.pem')) return undefined;
  const pem = bytesOf('anchors/public-key.pem');
  open(
    `Signature vérifiée avec la clé jointe (empreinte ${sha256(pem).slice(0, 16)}) : elle ne dit pas qui a signé. Donner la clé remise par la maison : --key CLE.pem`,
    `The signature is checked with the enclosed key (fingerprint ${sha256(pem).slice(0, 16)}): it does not say who signed. Give the key that the house handed out: --key KEY.pem`,
  );
  return createPublicKey(pem);
}

/** Every chain held, at its place, the entry that the anchor names; what came after it, nobody outside vouches for. */
function verifyAnchor(chains, subject) {
  const index = jsonOf('anchors/inclusion.json');
  if (!index) return null;
  if (index.anchor === null) {
    unchecked += 1;
    open(
      'Aucun ancrage joint : qui tient la base pourrait réécrire toute la chaîne.',
      'No anchor is enclosed: whoever holds the database could write the whole chain anew.',
    );
    return null;
  }
  const file = `anchors/${index.name}.json`;
  const statement = jsonOf(file);
  if (!statement) return null;
  const key = keyOfAnchor();
  const signature = `anchors/${index.name}.sig`;
  if (!key || !has(signature) || !isSigned(null, bytesOf(file), key, bytesOf(signature)))
    broken(file, '', 'n’est pas signé par cette clé', 'is not signed by this key');
  const businessAt = Date.parse(statement.businessAt);
  for (const { subject: of, seq, hash, index: at, count, path: way } of index.chains) {
    if (count !== statement.chains || rootFrom(`${of}|${seq}|${hash}`, at, count, way) !== statement.root)
      broken(
        'anchors/inclusion.json',
        of,
        'ne mène pas à la racine de l’ancrage',
        'does not lead to the root of the anchor',
      );
    const entries = chains.get(of) ?? [];
    if (entries[seq - 1]?.row.hash !== hash)
      broken(
        of === subject ? 'journal.jsonl' : 'journal-others.jsonl',
        `${of} ${entryNo(seq)}`,
        `n’est pas celle de l’ancrage n° ${statement.anchor} du ${statement.day} : la chaîne a été réécrite`,
        `is not the one of anchor ${statement.anchor} of ${statement.day}: the chain was rewritten`,
      );
  }
  // A chain that had entries before the anchor stands in it, and what it got since is dated so.
  for (const [of, entries] of chains) {
    const seq = index.chains.find((one) => one.subject === of)?.seq ?? 0;
    for (const { row } of of === 'stop' ? [] : entries.slice(seq))
      if (Date.parse(row.at) < businessAt - slackMs)
        broken(
          of === subject ? 'journal.jsonl' : 'journal-others.jsonl',
          `${of} ${entryNo(row.seq)}`,
          `inconnue de l’ancrage n° ${statement.anchor}, et datée d’avant lui`,
          `is unknown to anchor ${statement.anchor}, and dated before it`,
        );
  }
  const own = index.chains.find(({ subject: of }) => of === subject);
  const [held, all] = [own?.seq ?? 0, chains.get(subject)?.length ?? 0];
  if (held < all) {
    unchecked += 1;
    open(
      `Écritures ${held + 1} à ${all} : postérieures à l’ancrage, personne d’extérieur ne les atteste encore.`,
      `Entries ${held + 1} to ${all}: later than the anchor, nobody outside vouches for them yet.`,
    );
  }
  return { ...statement, held, seqs: new Map(index.chains.map(({ subject: of, seq }) => [of, seq])) };
}

// ── The rules ────────────────────────────────────────────────────────────────────────────────────────────────────────
/** The members of every object in the order of their names. */
const inOrder = (value) =>
  typeof value !== 'object' || value === null || Array.isArray(value)
    ? value
    : Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));

/** The rules that are enclosed are those that the journal names, and say what its chain of rules noted of them. */
function verifyRules(facts, rules, anchor) {
  for (const kind of ['scenario', 'calendar']) {
    const file = `${kind}.json`;
    const content = jsonOf(file);
    const id = facts.flatMap(({ row }) => row[kind]?.id ?? []).at(-1);
    if (!content) continue;
    if (content.id !== id) {
      broken(file, 'id', `${content.id} ; le journal dit ${id}`, `${content.id}; the journal says ${id}`);
      continue;
    }
    const entry = rules.find(({ row }) =>
      naming(row.body, 'rule').some((body) => row.type === 'ruleNoted' && body.rule === `${kind}/${id}`),
    )?.row;
    if (!entry) {
      unchecked += 1;
      open(
        `${file} : aucune écriture jointe ne note ${id} ; le manifeste seul l’atteste.`,
        `${file}: no entry that is enclosed has noted ${id}; the manifest alone vouches for it.`,
      );
    } else if (
      sha256(JSON.stringify(content, (_key, value) => inOrder(value))) !==
      naming(entry.body, 'rule')[0].sha256
    )
      broken(
        file,
        `rules ${entryNo(entry.seq)}`,
        'n’est pas ce que le journal en a noté',
        'is not what the journal has noted of it',
      );
    else if (anchor !== null && entry.seq > (anchor.seqs.get('rules') ?? 0)) {
      unchecked += 1;
      open(
        `${file} : noté après l’ancrage, personne d’extérieur ne l’atteste encore.`,
        `${file}: noted later than the anchor, nobody outside vouches for it yet.`,
      );
    } else
      holds(
        `${file} : ce que le journal a noté de ${id} (rules ${entryNo(entry.seq)})`,
        `${file}: what the journal has noted of ${id} (rules ${entryNo(entry.seq)})`,
      );
  }
}

// ── The histories of the workflow ────────────────────────────────────────────────────────────────────────────────────
/** The same whatever the order of its fields; rules by their ids, as the journal keeps them. */
const canonical = (value) =>
  JSON.stringify(value, (key, inner) => {
    if ((key === 'scenario' || key === 'calendar') && inner?.id) return { id: inner.id };
    return inOrder(inner);
  });

/** What payloads of an event hold, from the JSON that Temporal's tools write. */
const wordsOf = (payloads) =>
  (payloads ?? []).flatMap(({ data }) => {
    try {
      return [JSON.parse(Buffer.from(data ?? '', 'base64').toString('utf8'))].flat();
    } catch {
      return [];
    }
  });

/** The file with which a run started and the facts that it heard, by signal or as the answer of an activity. */
function heardIn({ events = [] }) {
  let start = 0;
  let of;
  const heard = [];
  for (const event of events) {
    const [life] = wordsOf(event.workflowExecutionStartedEventAttributes?.input?.payloads);
    if (life?.collection) [start, of] = [life.collection.fact, life.collection.invoiceId];
    for (const word of [
      ...wordsOf(event.workflowExecutionSignaledEventAttributes?.input?.payloads),
      ...wordsOf(event.activityTaskCompletedEventAttributes?.result?.payloads),
      ...wordsOf(event.markerRecordedEventAttributes?.details?.result?.payloads),
    ])
      if (typeof word?.n === 'number') heard.push(word);
  }
  return { start, of, heard };
}

/** The runs before and after, as a history names them. */
const besides = ({ events = [] }) =>
  [
    events[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId,
    events.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId,
  ].filter((id) => typeof id === 'string' && id !== '');

/** Every fact that a run heard is one of the journal, in the same words; and every fact was heard, or held by a file that a run started with. */
function verifyHistories(facts, subject) {
  const index = jsonOf('histories/index.json');
  if (!index) return { runs: 0, heard: 0 };
  const own = (index.runs ?? []).filter(({ workflowId }) => workflowId === subject);
  const heard = new Map();
  let carriedTo = 0;
  for (const run of own) {
    if (run.path === null || !has(run.path)) {
      unchecked += 1;
      open(
        `${run.runId} : historique absent${run.wrong ? ` (${run.wrong})` : ''}`,
        `${run.runId}: its history is missing${run.wrong ? ` (${run.wrong})` : ''}`,
      );
      continue;
    }
    const history = jsonOf(run.path) ?? {};
    for (const other of besides(history).filter((id) => !own.some(({ runId }) => runId === id))) {
      unchecked += 1;
      open(
        `${other} : exécution voisine de ${run.runId}, absente du dossier`,
        `${other}: the run next to ${run.runId} is missing`,
      );
    }
    const told = heardIn(history);
    carriedTo = Math.max(carriedTo, told.start);
    if (`invoice/${told.of}` !== subject)
      broken(run.path, run.runId, `n’est pas un historique de ${subject}`, `is no history of ${subject}`);
    for (const fact of told.heard) {
      heard.set(fact.n, run.path);
      const said = facts[fact.n - 1]?.row;
      if (!said)
        broken(
          run.path,
          `${fact.type} ${fact.n}`,
          'ce fait n’est pas au journal',
          'this fact is not in the journal',
        );
      else if (canonical(fact) !== canonical(said))
        broken(
          run.path,
          `${fact.type} ${fact.n}`,
          'le journal dit ce fait autrement',
          'the journal tells this fact otherwise',
        );
    }
  }
  const last = Math.max(carriedTo, ...heard.keys());
  for (const { row: fact } of facts)
    if (fact.n > carriedTo && fact.n < last && !heard.has(fact.n))
      broken(
        'histories/index.json',
        `${fact.type} ${fact.n}`,
        'ne figure dans aucun historique',
        'stands in no history',
      );
  if (own.length === 0 || !index.temporalAnswered) {
    unchecked += 1;
    open(
      'Le moteur n’a pas répondu, ou n’a plus d’historique : seuls ceux des archives sont comparés.',
      'The engine did not answer, or has no history any more: only archived ones are compared.',
    );
  } else if (last < facts.length)
    open(
      `Faits ${last + 1} à ${facts.length} : dans aucun historique ; le moteur n’apprend plus rien d’un dossier clos.`,
      `Facts ${last + 1} to ${facts.length}: in no history; the engine is told nothing of a file that is over.`,
    );
  return { runs: own.length, heard: heard.size };
}

// ── All of it ────────────────────────────────────────────────────────────────────────────────────────────────────────
function verify() {
  const manifest = jsonOf('manifest.json');
  if (!manifest) return;
  language = option('--lang') ?? manifest.language ?? language;
  const own = rowsOf('journal.jsonl');
  const others = rowsOf('journal-others.jsonl');
  const facts = rowsOf('facts.jsonl');
  const subject = `invoice/${manifest.invoice?.id}`;
  let head = { seq: 0, hash: '' };

  section('Les fichiers', 'The files');
  check(
    () => verifyFiles(manifest),
    (count) => `${count} fichiers, chacun avec l’empreinte du manifeste ; ensemble : ${manifest.whole}`,
    (count) => `${count} files, each with the hash of the manifest; the whole: ${manifest.whole}`,
  );
  check(
    () => verifyNames(),
    () => 'chacun à la place qu’une liste du dossier lui donne',
    () => 'each in the place that a list of the file gives it',
  );

  section('Le journal', 'The journal');
  for (const { row } of own)
    if (row.subject !== subject)
      broken(
        'journal.jsonl',
        entryNo(row.seq),
        `est d’une autre chaîne : ${row.subject}`,
        `is of another chain: ${row.subject}`,
      );
  for (const given of manifest.chains ?? []) {
    const file = given.subject === subject ? 'journal.jsonl' : 'journal-others.jsonl';
    if (!given.whole && given.subject !== 'stop')
      broken(
        'manifest.json',
        given.subject,
        'est donné en extrait, ce que seuls sont les arrêts d’envoi',
        'is given as an excerpt, which only stops are',
      );
    const entries = (given.subject === subject ? own : others).filter(
      ({ row }) => row.subject === given.subject,
    );
    check(
      () => {
        if (!given.whole) return verifyExcerpt(file, given.subject, entries);
        const last = verifyChain(file, given.subject, entries, given);
        if (given.subject === subject) head = last;
      },
      () =>
        `${given.subject} : ${counted(entries.length, 'écriture')}${given.whole ? ', chaîne entière depuis l’origine' : ' (extrait, chacune vérifiée seule)'}`,
      () =>
        `${given.subject}: ${counted(entries.length, 'entry', 'entries')}${given.whole ? ', the whole chain from its beginning' : ' (excerpt, each verified alone)'}`,
    );
  }
  if (!(manifest.chains ?? []).some((given) => given.subject === subject && given.whole))
    broken(
      'manifest.json',
      'chains',
      `n’annonce pas la chaîne ${subject}`,
      `does not name the chain ${subject}`,
    );
  const chains = new Set((manifest.chains ?? []).map((given) => given.subject));
  for (const { row, place } of others)
    if (!chains.has(row.subject))
      broken(
        'journal-others.jsonl',
        lineNo(place),
        `est d’une chaîne que le manifeste n’annonce pas : ${row.subject}`,
        `is of a chain that the manifest does not name: ${row.subject}`,
      );
  const registered = naming(own[0]?.row.body ?? '', 'number').find(
    ({ invoiceId }) => invoiceId === manifest.invoice?.id,
  );
  if (registered && registered.number !== manifest.invoice?.number)
    broken(
      'manifest.json',
      'invoice.number',
      `${manifest.invoice?.number} ; l’écriture 1 dit ${registered.number}`,
      `${manifest.invoice?.number}; entry 1 says ${registered.number}`,
    );
  const erased = erasedBy(others);
  check(
    () => verifyFacts(own, facts),
    (count) => `${count} faits, numérotés sans trou`,
    (count) => `${count} facts, numbered without a gap`,
  );

  section('Les textes', 'The words of people');
  check(
    () => verifyTexts([...own, ...others], rowsOf('texts.jsonl'), manifest, erased),
    (n) =>
      `${n.whole} conformes à leur empreinte ; ${n.masked} masqués, ${n.left_out} retirés (tiers), ${n.erased} effacés : leur empreinte reste au journal`,
    (n) =>
      `${n.whole} are what was written; ${n.masked} masked, ${n.left_out} left out (third persons), ${n.erased} erased: their hashes stay in the journal`,
  );

  section('Les messages', 'The messages');
  check(
    () =>
      has('messages')
        ? verifyMessages(own, facts, manifest, erased)
        : { proven: 0, unproven: 0, masked: 0, erased: 0 },
    (n) =>
      `${n.proven} attestés par le journal (contenu et destinataire), ${n.unproven} par le manifeste seul (antérieurs à cette preuve) ; ${n.masked} masqués, ${n.erased} effacés`,
    (n) =>
      `${n.proven} proven by the journal (content and recipient), ${n.unproven} by the manifest alone (older than this proof); ${n.masked} masked, ${n.erased} erased`,
  );

  section('Le compte', 'The account');
  const currency = rowsOf('ledger.jsonl')[0]?.row.currency ?? '';
  check(
    () => verifyLedger(facts, rowsOf('ledger.jsonl'), others, manifest),
    (balance) =>
      `chaque fait sur l’argent porte le solde du compte ; solde final ${inUnits(balance)} ${currency}`,
    (balance) =>
      `each fact about money carries the balance of the account; final balance ${inUnits(balance)} ${currency}`,
  );

  section('Les pièces', 'The papers');
  check(
    () => verifyPapers(own, jsonOf('documents/index.json') ?? [], manifest, erased),
    (n) => `${n.whole} jointes, dont ${n.proven} attestées par le journal ; ${n.absent} non communiquées`,
    (n) => `${n.whole} enclosed, ${n.proven} of them proven by the journal; ${n.absent} not given`,
  );

  section('Les historiques', 'The histories');
  check(
    () => verifyHistories(facts, subject),
    (n) =>
      `${counted(n.runs, 'exécution')} ; ${counted(n.heard, 'fait entendu', 'faits entendus')}, mot pour mot comme au journal`,
    (n) => `${counted(n.runs, 'run')}; ${counted(n.heard, 'fact')} heard, word for word as in the journal`,
  );

  section('L’ancrage', 'The anchor');
  const byChain = new Map(
    [...chains].map((of) => [of, [...own, ...others].filter(({ row }) => row.subject === of)]),
  );
  let anchor = null;
  check(
    () => void (anchor = verifyAnchor(byChain, subject)),
    () =>
      anchor
        ? `n° ${anchor.anchor} du ${anchor.day} : tient ${anchor.held === 0 ? 'd’autres chaînes, et aucune écriture du dossier' : `les écritures 1 à ${anchor.held} du dossier`}`
        : 'rien à comparer',
    () =>
      anchor
        ? `no. ${anchor.anchor} of ${anchor.day}: holds ${anchor.held === 0 ? 'other chains, and no entry of the file' : `entries 1 to ${anchor.held} of the file`}`
        : 'nothing to compare',
  );

  isUnanchored = option('--key') !== undefined && (anchor?.held ?? 0) === 0;

  section('Les règles', 'The rules');
  verifyRules(facts, byChain.get('rules') ?? [], anchor);

  section('À comparer', 'To compare');
  open(
    'Attestés par le seul manifeste : index.html, timeline.pdf, parties.json, claim/, les noms des pièces, les comptes rendus des prestataires (receipts/) et, dans headers.json, ce qui n’est ni contenu, destinataire, canal, étape, niveau, date d’envoi, issue, solde ni principal demandé. En cas d’écart, le journal fait foi.',
    'Vouched for by the manifest alone: index.html, timeline.pdf, parties.json, claim/, the names of papers, the reports of providers (receipts/) and, in headers.json, what is neither content, recipient, channel, step, level, time of leaving, outcome, balance nor principal asked. Where they differ, the journal is right.',
  );
  const isVouchedFor = anchor !== null && anchor.held >= head.seq && option('--key') !== undefined;
  open(
    `Dernière écriture : n° ${head.seq}, empreinte ${head.hash}.${isVouchedFor ? '' : ' Qui tient la base pourrait réécrire ce qu’aucun ancrage signé de la clé de la maison ne tient : comparer avec un exemplaire antérieur.'}`,
    `Last entry: no. ${head.seq}, hash ${head.hash}.${isVouchedFor ? '' : ' Whoever holds the database could write anew what no anchor holds that is signed with the key of the house: compare with an earlier copy.'}`,
  );
}

verify();
const said =
  failures.length > 0
    ? [`NE TIENT PAS : défauts (✗) : ${failures.length}.`, `DOES NOT HOLD: defects (✗): ${failures.length}.`]
    : isUnanchored
      ? [
          'NON ANCRÉ. Une clé est donnée, et aucun ancrage joint ne tient une écriture du dossier : rien n’y contredit le reste, mais qui tient la base a pu tout réécrire. Demander à la maison un dossier ancré (code 2).',
          'NOT ANCHORED. A key is given, and no anchor that is enclosed holds an entry of the file: nothing in it contradicts the rest, but whoever holds the database could have written all of it anew. Ask the house for a file that is anchored (code 2).',
        ]
      : unchecked > 0
        ? [
            `CE QUI PEUT ÊTRE VÉRIFIÉ TIENT. Éléments qui ne peuvent l’être d’ici (masqués, retirés, sans preuve encore, ou faute de clé) : ${unchecked}.`,
            `WHAT CAN BE VERIFIED HOLDS. Things that can’t be from here (masked, left out, not proven yet, or for want of a key): ${unchecked}.`,
          ]
        : ['TOUT TIENT.', 'ALL OF IT HOLDS.'];
lines.push('', said[language === 'fr' ? 0 : 1]);
process.stdout.write(`${lines.join('\n').trimStart()}\n`);
process.exitCode = failures.length > 0 ? 1 : isUnanchored ? 2 : 0;
