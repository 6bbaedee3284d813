import { roles } from '../../domain/role.ts';
import type { Role } from '../../domain/role.ts';
import { fieldPolicy, policy, publicByNature, toldOfPeople } from '../policy.ts';
import type { Line } from '../policy.ts';

/** Who may do what, as an auditor reads it: the table of the policy, and what a part of the files is. */
export function policyText(): string {
  const sections = Object.entries(policy).map(
    ([subject, lines]) => `## ${subject}

| route | who | area | rows |
| --- | --- | --- | --- |
${Object.entries(lines).map(row).join('\n')}
`,
  );
  const fields = Object.entries(fieldPolicy).flatMap(([route, named]) =>
    Object.entries(named).map(([field, may]) => `| \`${route}\` | \`${field}\` | ${whoInWords(may)} |`),
  );
  return `# Policy

Who may do what, and to which rows. Written by \`npm run docs\` from \`api/policy.ts\`, which the API obeys: a route without a
line does not start, nor does a line without a route. A test asks every route as everybody, for rows that are his, rows
that are another's and rows that are not there, and compares with this table.

Public by nature, and without a line: ${publicByNature.map((route) => `\`${route}\``).join(', ')}.

**Who.** A caller whose role is not named is answered 403, as is a key that was not made for the area.

**Rows.** Admin, credit manager, accountant, legal and auditor see all files, and so does a collector unless his user
says \`own\`. The others see a part:

| who | sees |
| --- | --- |
| collector with the portfolio \`own\` | invoices whose \`collector\` is his name or mail address |
| sales | invoices whose \`salesOwner\` is his name or mail address; neither bank data and payments, nor what is done in litigation (that a file is there shows in its state), not even that an event of these happened |
| resolver | the disputes that are assigned to him, open or resolved, until they are taken from him; and the invoices of these, whose other disputes he neither lists nor resolves |
| external firm | invoices that are handed over to it, as long as they are; not the notes of the time before |

A debtor or creditor is seen by whoever sees an invoice of his (a creditor by every collector). What speaks of several
invoices, a message, a task or a payment, is seen by whoever sees all of them. What is not seen is not there: 404, with the
answer that a row gets which never was, and no place in lists, sums, streams and the answers to what is written.
\`none\` is bound to no row; \`every\` is about all files at once, and is refused with 403 to whoever sees a part.

**People.** Whatever way it is asked for, who looked, who took lists away and who came in (in the journal the chains \`audit\`,
\`exports\`, \`payloads\`, \`login\` and \`user/…\`, and the question \`looked-or-taken\`) is told to these alone: ${whoInWords(toldOfPeople)}. Who asks for it by name
is answered 403, and everywhere else it is left out.

${sections.join('\n')}
## Fields

What fewer may send than the rest of a request; others are answered 403, with the name of the field.

| route | field | who |
| --- | --- | --- |
${fields.join('\n')}
`;
}

function row([route, [may, area, rows]]: [string, Line]): string {
  return `| \`${route}\` | ${whoInWords(may)} | ${area} | ${rows} |`;
}

function whoInWords(may: readonly Role[]): string {
  if (may.length === roles.length) return 'everybody';
  return may.join(', ');
}
