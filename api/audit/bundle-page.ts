import { Html, markup } from '../pages/html.ts';
import { unbroken } from '../pages/layout.ts';
import type { BundleFile } from './bundle-file.ts';
import type { Cell, Column, Section } from './bundle-sections.ts';
import type { PartyLines, Summary } from './bundle-summary.ts';
import { bundleWords } from './bundle-words.ts';

/**
 * The readable file as one page that opens by itself, for ever: no script, no network, nothing outside its folder, and it
 * prints as it looks.
 */
export function bundlePage(
  { language }: Pick<BundleFile, 'language'>,
  summary: Summary,
  sections: readonly Section[],
): string {
  const body = markup`<header class="file"><p class="kind">${summary.parties[0].name}</p>
<h1>${summary.title}</h1><p class="lead">${summary.subtitle}</p></header>
<div class="parties">${summary.parties.map(party)}</div>
<dl class="sums">${summary.facts.map(([label, value]) => markup`<div><dt>${label}</dt><dd>${value}</dd></div>`)}</dl>
<p class="small">${summary.note}</p>
<nav><ol>${sections.map(({ id, title }) => markup`<li><a href="#${id}">${title}</a></li>`)}</ol></nav>
${sections.map((section) => drawn(section, language))}`;
  return markup`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${summary.title}</title>
<style>${new Html(style)}</style>
</head>
<body><main>
${language === 'fr' ? unbroken(body) : body}
</main></body>
</html>
`.text;
}

function party({ title, name, lines }: PartyLines): Html {
  return markup`<section><h2>${title}</h2><p><strong>${name}</strong>${lines.map((line) => markup`<br>${line}`)}</p></section>`;
}

function drawn({ id, title, note, columns, rows }: Section, language: BundleFile['language']): Html {
  return markup`<section id="${id}"><h2>${title}</h2>
${note !== undefined && markup`<p class="small">${note}</p>`}
${
  rows.length === 0
    ? markup`<p>${bundleWords[language].none}</p>`
    : markup`<table><thead><tr>${columns.map((column) => markup`<th${numberClass(column)} scope="col">${column.head}</th>`)}</tr></thead><tbody>
${rows.map((row) => markup`<tr>${row.map((cell, place) => markup`<td${numberClass(columns[place])} data-head="${columns[place]?.head ?? ''}"><div>${cellDrawn(cell)}</div></td>`)}</tr>\n`)}</tbody></table>`
}</section>`;
}

function numberClass(column: Column | undefined): Html | false {
  return column?.isNumber === true && markup` class="num"`;
}

function cellDrawn({ text, isStrong, notes = [], quote, links = [] }: Cell): Html {
  const small = notes.filter((note) => note !== '');
  return markup`${isStrong === true ? markup`<strong>${text}</strong>` : text}${small.map((note, place) => markup`${(text !== '' || place > 0) && markup`<br>`}<span class="small">${note}</span>`)}${quote !== undefined && markup`<q>${quote}</q>`}${links.length > 0 && markup`${text !== '' && markup`<br>`}<span class="links">${links.map(({ path, text: words }) => markup`<a href="${encodeURI(path)}">${words}</a> `)}</span>`}`;
}

const style = `
:root { --ink: #1c2430; --soft: #55606e; --line: #d5dbe3; }
* { box-sizing: border-box; }
body { margin: 0; background: #fff; color: var(--ink); font: 15px/1.5 Georgia, "Times New Roman", "Liberation Serif", serif; }
main { max-width: 64rem; margin: 0 auto; padding: 2.5rem 1.5rem 4rem; }
.file { border-bottom: 3px double var(--ink); padding-bottom: 1rem; margin-bottom: 1.5rem; }
.kind { margin: 0; text-transform: uppercase; letter-spacing: .08em; font-size: .8rem; color: var(--soft); }
h1 { font-size: 1.7rem; line-height: 1.2; margin: .25rem 0; } .lead { margin: 0; font-size: 1.1rem; color: var(--soft); }
h2 { font-size: 1.15rem; margin: 2.25rem 0 .5rem; padding-bottom: .25rem; border-bottom: 1px solid var(--ink); }
.parties { display: grid; grid-template-columns: repeat(auto-fit, minmax(17rem, 1fr)); gap: 0 2.5rem; } .parties h2 { margin-top: 0; border: 0; font-size: .85rem; color: var(--soft); } .parties p { margin: 0; }
.sums { display: grid; grid-template-columns: repeat(auto-fill, minmax(12.5rem, 1fr)); gap: .8rem 1.5rem; margin: 1.5rem 0; padding: 1rem 1.2rem; border: 1px solid var(--line); background: #f7f8fa; }
.sums dt { color: var(--soft); font-size: .85rem; } .sums dd { margin: 0; font-weight: 600; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
nav ol { columns: 2; margin: 1rem 0 0; padding-left: 1.4rem; } a { color: #1d4e89; }
.small { font-size: .84rem; color: var(--soft); overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .4rem .9rem .4rem 0; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: break-word; }
th { font-size: .84rem; color: var(--soft); font-weight: 600; border-bottom: 1px solid var(--soft); } tr > :last-child { padding-right: 0; }
td.num, th.num { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
td:first-child, #chronology td:nth-child(2), #chronology td:last-child { white-space: nowrap; }
#integrity td:first-child { white-space: normal; }
q { display: block; margin: .3rem 0; padding: .35rem .8rem; border-left: 3px solid var(--line); quotes: none; white-space: pre-wrap; font-style: italic; }
.links { font-size: .84rem; overflow-wrap: anywhere; } .links a { margin-right: .6rem; }
@media print { main { max-width: none; padding: 0; } body { font-size: 10pt; } nav { display: none; } tr { break-inside: avoid; } thead { display: table-header-group; } a { color: inherit; text-decoration: none; } }
@media screen and (max-width: 44rem) {
  main { padding: 1.5rem 1rem 3rem; } nav ol { columns: 1; } .parties { row-gap: 1rem; }
  thead { display: none; } table, tbody, tr { display: block; } tr { padding: .6rem 0; border-bottom: 1px solid var(--line); }
  td, td.num { display: grid; grid-template-columns: 7.5rem minmax(0, 1fr); padding: .1rem 0; border: 0; text-align: left; white-space: normal !important; overflow-wrap: anywhere; }
  td::before { content: attr(data-head); font-size: .84rem; line-height: 1.75; color: var(--soft); } td:not(:has(> div:not(:empty))) { display: none; }
}
`;
