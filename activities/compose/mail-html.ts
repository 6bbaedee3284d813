/**
 * A message drawn as an HTML mail: one column, like a letter that somebody typed.
 *
 * Mail readers are old browsers: styles stand on each element, tables carry the layout, nothing is loaded from outside
 * and the QR code is a part of the mail (`cid:`). The few classes only recolour for dark mode. Everything that comes from
 * figures or templates passes `escapeHtml`.
 */
import { escapeHtml } from './plain-text.ts';
import { vocabulary } from './vocabulary.ts';
import type { MessageView } from './message-view.ts';
import type { InvoiceGroup, InvoiceRow, Row } from './statement.ts';

const font = "font-family:-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif";
const ink = '#1f2933';
const soft = '#5f6b7a';
const rule = '#d9dee4';
const paragraph = `margin:0 0 16px;${font};font-size:16px;line-height:24px;color:${ink}`;
const small = `${font};font-size:13px;line-height:19px;color:${soft}`;
const heading = `margin:28px 0 8px;${font};font-size:16px;line-height:24px;font-weight:600;color:${ink}`;

const darkMode = `
:root{color-scheme:light dark;supported-color-schemes:light dark}
@media (prefers-color-scheme:dark){
body,.paper{background:#16191d!important}
.ink{color:#e8eaed!important}.soft{color:#a9b2bd!important}
.rule{border-color:#3a424c!important}.box{background:#22272e!important}
}`.trim();

/** The HTML part of a mail; `qrCid` is the content id of the QR picture, when the view has one. */
export function mailHtml(view: MessageView, qrCid: string): string {
  const blocks = [
    view.notice
      ? `<h1 class="ink" style="margin:0 0 24px;${font};font-size:20px;line-height:28px;font-weight:700;color:${ink}">${escapeHtml(view.notice.heading)}</h1>`
      : '',
    view.greeting ? sentence(view.greeting) : '',
    ...view.body.map(sentence),
    view.notice ? strongSentence(view.notice.demand) : '',
    view.asked.length > 0 ? askedBox(view) : '',
    ...view.groups.map((group) => groupTable(group, view)),
    totalsTable(view.totals),
    view.creditsNote ? sentence(view.creditsNote) : '',
    claimBlock(view),
    ...(view.notice?.rights ?? []).map(sentence),
    view.pay.length > 0 ? payBlock(view, qrCid) : '',
    view.notice ? sentence(view.notice.consequences) : '',
    ...view.after.map(sentence),
    view.attachments ? sentence(view.attachments) : '',
    view.closing ? sentence(view.closing) : '',
    signatureBlock(view),
    legalBlock(view.legal),
  ];
  return mailPage(view, blocks);
}

/** The page around the blocks of a mail, each of them HTML; empty ones are left out. */
export function mailPage(
  { language, subject }: Pick<MessageView, 'language' | 'subject'>,
  blocks: readonly string[],
): string {
  return `<!DOCTYPE html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no,date=no,address=no,email=no,url=no">
<title>${escapeHtml(subject)}</title>
<style>${darkMode}</style>
</head>
<body class="paper" style="margin:0;padding:0;background:#ffffff">
<!--[if mso]><table role="presentation" width="600" cellpadding="0" cellspacing="0"><tr><td><![endif]-->
<div class="paper" style="max-width:600px;padding:24px 20px;background:#ffffff">
${blocks.filter((block) => block !== '').join('\n')}
</div>
<!--[if mso]></td></tr></table><![endif]-->
</body>
</html>
`;
}

export function sentence(text: string): string {
  return `<p class="ink" style="${paragraph}">${lines(text)}</p>`;
}

function strongSentence(text: string): string {
  return `<p class="ink" style="${paragraph};font-weight:600">${lines(text)}</p>`;
}

function lines(text: string): string {
  return escapeHtml(text).replaceAll('\n', '<br>');
}

function askedBox(view: MessageView): string {
  const rows = view.asked.map(
    ({ label, value }) => `<tr>
<td class="ink" style="padding:4px 12px 4px 0;${font};font-size:16px;line-height:24px;color:${ink}">${escapeHtml(label)}</td>
<td class="ink" align="right" style="padding:4px 0;${font};font-size:22px;line-height:28px;font-weight:700;color:${ink};white-space:nowrap">${escapeHtml(value)}</td>
</tr>`,
  );
  return `<table role="presentation" class="box" width="100%" cellpadding="0" cellspacing="0" style="margin:24px 0;background:#f3f5f7;border-radius:6px"><tr><td style="padding:10px 16px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0">
${rows.join('\n')}
</table>
</td></tr></table>`;
}

function groupTable(group: InvoiceGroup, view: MessageView): string {
  const words = vocabulary[view.language];
  const head = (text: string, width: number, align: 'left' | 'right'): string =>
    `<th width="${width}%" class="soft rule" scope="col" align="${align}" style="padding:6px ${align === 'left' ? '12px' : '0'} 6px 0;border-bottom:1px solid ${rule};${small};font-weight:400;text-align:${align}">${escapeHtml(text)}</th>`;
  return `<h2 class="ink" style="${heading}">${escapeHtml(group.title)}</h2>
<table width="100%" cellpadding="0" cellspacing="0" style="border-collapse:collapse;table-layout:fixed">
<thead><tr>${head(words.invoice, 36, 'left')}${head(words.due, 30, 'left')}${head(words.openAmount, 34, 'right')}</tr></thead>
<tbody>
${group.rows.map((row) => invoiceRow(row, view)).join('\n')}
</tbody>
</table>`;
}

function invoiceRow(row: InvoiceRow, view: MessageView): string {
  const words = vocabulary[view.language];
  const about = [row.issued ? words.issuedOn(row.issued) : '', row.numberNote];
  const cell = (text: string, notes: readonly string[], right: boolean, strong: boolean): string =>
    `<td class="ink rule" valign="top"${right ? ' align="right"' : ''} style="padding:8px ${right ? '0' : '12px'} 8px 0;border-bottom:1px solid ${rule};${font};font-size:15px;line-height:21px;color:${ink}${right ? ';text-align:right' : ''}${strong ? ';font-weight:600' : ''};overflow-wrap:anywhere">` +
    `<span${right ? ' style="white-space:nowrap"' : ''}>${escapeHtml(text)}</span>${notes
      .filter((note) => note !== '')
      .map((note) => `<br><span class="soft" style="${small};font-weight:400">${escapeHtml(note)}</span>`)
      .join('')}</td>`;
  return `<tr>${cell(row.number, about, false, true)}${cell(row.due, [row.situation], false, false)}${cell(row.amount, row.amountNotes, true, false)}</tr>`;
}

/** Each period of interest as it is worked out, and the sums. */
function claimBlock({ claim, language }: MessageView): string {
  if (!claim) return '';
  const words = vocabulary[language];
  const head = (text: string, align: 'left' | 'right'): string =>
    `<th class="soft rule" scope="col" align="${align}" style="padding:6px ${align === 'left' ? '12px' : '0'} 6px 0;border-bottom:1px solid ${rule};${small};font-weight:400;text-align:${align}">${escapeHtml(text)}</th>`;
  const cell = (text: string, note: string, align: 'left' | 'right'): string =>
    `<td class="ink rule" valign="top" align="${align}" style="padding:8px ${align === 'left' ? '12px' : '0'} 8px 0;border-bottom:1px solid ${rule};${font};font-size:15px;line-height:21px;color:${ink};text-align:${align}"><span style="white-space:nowrap">${escapeHtml(text)}</span>${note === '' ? '' : `<br><span class="soft" style="${small}">${escapeHtml(note)}</span>`}</td>`;
  const rows = claim.periods.map(
    ({ number, period, days, base, rate, interest }) =>
      `<tr>${cell(number, period, 'left')}${cell(rate, `${base} × ${days}`, 'left')}${cell(interest, '', 'right')}</tr>`,
  );
  const table =
    rows.length === 0
      ? ''
      : `<table width="100%" cellpadding="0" cellspacing="0" style="border-collapse:collapse"><thead><tr>${head(words.invoice, 'left')}${head(words.rate, 'left')}${head(words.interest, 'right')}</tr></thead><tbody>${rows.join('\n')}</tbody></table>`;
  return `<h2 class="ink" style="${heading}">${escapeHtml(claim.title)}</h2>
${table}${totalsTable(claim.sums)}${claim.note === '' ? '' : sentence(claim.note)}`;
}

function totalsTable(rows: readonly Row[]): string {
  if (rows.length === 0) return '';
  const drawn = rows.map(
    ({ label, value, strong }) =>
      `<tr><td class="ink" align="right" style="padding:3px 16px 3px 0;${font};font-size:15px;line-height:21px;color:${ink};text-align:right${strong ? ';font-weight:600' : ''}">${escapeHtml(label)}</td>` +
      `<td class="ink" align="right" width="120" style="padding:3px 0;${font};font-size:15px;line-height:21px;color:${ink};text-align:right;white-space:nowrap${strong ? ';font-weight:600' : ''}">${escapeHtml(value)}</td></tr>`,
  );
  return `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="margin:10px 0 20px">${drawn.join('\n')}</table>`;
}

/** What belongs to a label each, one under the other. */
export function labelled(rows: readonly Row[]): string {
  const drawn = rows.map(
    ({ label, value, strong }) =>
      `<tr><td class="soft" valign="top" style="padding:3px 16px 3px 0;${font};font-size:15px;line-height:21px;color:${soft};white-space:nowrap">${escapeHtml(label)}</td>` +
      `<td class="ink" style="padding:3px 0;${font};font-size:15px;line-height:21px;color:${ink}${strong ? ';font-weight:600' : ''}">${breakable(value)}</td></tr>`,
  );
  return `<table role="presentation" cellpadding="0" cellspacing="0">${drawn.join('\n')}</table>`;
}

function payBlock(view: MessageView, qrCid: string): string {
  const qr = view.qr
    ? `<table role="presentation" cellpadding="0" cellspacing="0" style="margin:16px 0 0"><tr>
<td style="padding:0;background:#ffffff;border-radius:4px"><img src="cid:${qrCid}" width="132" height="132" alt="${escapeHtml(view.qr.alt)}" style="display:block;border:0"></td>
<td class="soft" style="padding:0 0 0 16px;${small}">${escapeHtml(view.qr.caption)}</td>
</tr></table>`
    : '';
  return `<h2 class="ink" style="${heading}">${escapeHtml(view.payTitle)}</h2>
<p class="ink" style="${paragraph};margin-bottom:8px">${escapeHtml(view.payIntroduction)}</p>
${labelled(view.pay)}
${qr}
<div style="height:24px;line-height:24px;font-size:1px">&nbsp;</div>`;
}

// An IBAN in one piece is wider than a phone: between its groups a line may break.
function breakable(value: string): string {
  return escapeHtml(value.replace(/(?<=^[A-Z]{2}.*)\u00a0/g, ' '));
}

export function signatureBlock(view: Pick<MessageView, 'signature' | 'contact'>): string {
  const [name = '', ...rest] = view.signature;
  const detail = [...rest, ...view.contact].map(escapeHtml).join('<br>');
  return `<p class="ink" style="margin:0;${font};font-size:16px;line-height:24px;color:${ink}"><span style="font-weight:600">${escapeHtml(name)}</span>${detail ? `<br>${detail}` : ''}</p>`;
}

/** Who the sender is, as the law wants it on what a company sends. */
export function legalBlock(legal: string): string {
  return `<p class="soft rule" style="margin:32px 0 0;padding:12px 0 0;border-top:1px solid ${rule};${font};font-size:12px;line-height:18px;color:${soft}">${escapeHtml(legal)}</p>`;
}
