import type { ArchivedFile } from '../../activities/compose/litigation-archive.ts';
import type { Summary } from './bundle-summary.ts';

/** What lies in the folder and how to check it, in both languages whatever that of the bundle: it is read by whoever finds it. */
export function readMe({ title, subtitle }: Pick<Summary, 'title' | 'subtitle'>): ArchivedFile {
  return { path: 'README.txt', bytes: Buffer.from(`${title}\n${subtitle}\n\n${french}\n\n${english}`) };
}

const french = `FRANÇAIS
--------
Ouvrir index.html (double-clic) : le dossier en clair. timeline.pdf est le même, à imprimer.

  journal.jsonl         toutes les écritures du dossier, telles qu'enregistrées, chaînées par empreinte
  journal-others.jsonl  les chaînes du débiteur, celle des règles (noms et empreintes des scénarios et
                        calendriers de la maison), et les arrêts d'envoi qui concernent la facture
  facts.jsonl           les faits numérotés dont découle l'état du dossier
  ledger.jsonl          le compte de la facture, avec son solde courant
  claim/                le décompte, ligne par ligne
  texts.jsonl           ce que des personnes ont écrit, avec le sel de son empreinte
  messages/             chaque message tel qu'il est parti : corps, lettre, en-têtes
                        (as-seen.html : le même, images incluses, pour le lire dans un navigateur)
  receipts/             ce que les prestataires et la poste en ont dit
  documents/            les pièces remises
  histories/            les historiques du moteur (Temporal), exécution par exécution, pour les rejouer
  anchors/              le dernier ancrage signé, et le chemin qui y mène depuis chaque chaîne
  scenario.json, calendar.json, parties.json   les règles et les parties
  manifest.json, MANIFEST.sha256               l'empreinte SHA-256 de chaque fichier, et de l'ensemble

Pour vérifier, sans Relance ni réseau : installer Node.js (18 ou plus récent, nodejs.org), ouvrir un
terminal dans ce dossier, puis :

  node verify.mjs

Le programme dit ce qui tient et ce qui ne tient pas ; il se termine en erreur (code 1) si quelque chose
ne tient pas, et avec le code 2 (« NON ANCRÉ ») si une clé est donnée et qu'aucun ancrage joint ne tient une
écriture du dossier. Un dossier falsifié pourrait contenir un vérificateur falsifié : en cas de doute, prendre
verify-bundle.mjs dans le code source de Relance (dossier api/audit) et lui donner ce dossier :

  node verify-bundle.mjs CHEMIN-DU-DOSSIER

Ce que les empreintes prouvent : rien n'a été changé, retiré, ajouté ni déplacé depuis l'écriture. Celui
qui tient la base pourrait recalculer toute la chaîne ; c'est pourquoi chaque jour un ancrage signé est
conservé hors d'elle. La clé jointe ne dit pas qui a signé : donner celle que la maison a remise par
ailleurs (node verify.mjs --key CLE.pem). Qui donne une clé attend un ancrage. Une maison jeune n'en a pas
encore (il s'en fait un chaque jour) : vérifier alors sans clé, et redemander le dossier le lendemain.
L'horodatage (.tsr, RFC 3161) se vérifie avec openssl ts -verify.

Ce que seul le manifeste atteste : index.html, timeline.pdf, parties.json, claim/, les comptes rendus des
prestataires, et scenario.json et calendar.json tant que le journal ne les a pas notés (le programme le
dit). En cas d'écart, le journal fait foi.

Tiers : dans un dossier « masked », les noms et adresses connus, et ce qui y ressemble, sont remplacés
dans les textes ; un nom inconnu de Relance peut y rester, et les fichiers joints (PDF, images) sont
donnés tels quels. « left_out » ne donne ni textes libres ni pièces remises.`;

const english = `ENGLISH
-------
Open index.html (double click): the file in plain words. timeline.pdf is the same, for printing.

  journal.jsonl         every entry of the file as it was stored, chained by hashes
  journal-others.jsonl  the chains of the debtor, that of the rules (names and hashes of the scenarios and
                        calendars of the house), and the stops that concern the invoice
  facts.jsonl           the numbered facts from which the state of the file follows
  ledger.jsonl          the account of the invoice, with its running balance
  claim/                what is claimed, line by line
  texts.jsonl           what people wrote, with the salt of its hash
  messages/             each message as it left: bodies, letter, headers
                        (as-seen.html: the same with its pictures, to be read in a browser)
  receipts/             what providers and the post said of it
  documents/            the papers that were handed in
  histories/            the histories of the engine (Temporal), run by run, to be replayed
  anchors/              the newest signed anchor, and the way to it from each chain
  scenario.json, calendar.json, parties.json   the rules and the parties
  manifest.json, MANIFEST.sha256               the SHA-256 of each file, and of the whole

To verify, without Relance or a network: install Node.js (18 or newer, nodejs.org), open a terminal in
this folder, then:

  node verify.mjs

It says in words what holds and what does not, and ends with code 1 if anything does not; with code 2
("NOT ANCHORED") if a key is given and no anchor that is enclosed holds an entry of the file. A forged file
could hold a forged verifier: if in doubt, take verify-bundle.mjs from the source code of Relance (folder
api/audit) and give it this folder:

  node verify-bundle.mjs PATH-OF-THE-FOLDER

What the hashes prove: nothing was changed, removed, added or moved since it was written. Whoever holds
the database could compute the whole chain again; therefore every day a signed anchor is kept outside it.
The enclosed key does not say who signed: give the one that the house has handed out by another way
(node verify.mjs --key KEY.pem). Whoever gives a key expects an anchor. A young house has none yet (one is
made each day): verify without a key then, and ask for the file again the day after. The time-stamp (.tsr,
RFC 3161) is verified with openssl ts -verify.

Vouched for by the manifest alone: index.html, timeline.pdf, parties.json, claim/, the reports of providers,
and scenario.json and calendar.json until the journal has noted them (the verifier says so). Where they
differ, the journal is right.

Third persons: in a "masked" file, names and addresses that are on record, and what looks like one, are
replaced in texts; a name that Relance does not know may stay, and enclosed files (PDF, pictures) are
given as they are. "left_out" gives neither free words nor papers that were handed in.
`;
