/**
 * The one style sheet of the plain pages.
 *
 * No script, no font and no picture from anywhere; readable without any of it, on a telephone, and on paper.
 */
export const styleSheet = `
:root {
  --ink: #1c2430; --soft: #5b6675; --line: #dfe4ea; --paper: #fff; --back: #f4f6f8;
  --brand: #1d4e89; --good: #1b7a43; --warn: #9a5b00; --bad: #b3261e; --tint: #eaf1f9;
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--back); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
a { color: var(--brand); text-underline-offset: .15em; }
a:focus-visible, button:focus-visible, input:focus-visible, select:focus-visible { outline: 3px solid #f0a202; outline-offset: 2px; }
.skip { position: absolute; left: -99rem; } .skip:focus { left: 1rem; top: 1rem; background: var(--paper); padding: .5rem 1rem; }
header.top { background: var(--paper); border-bottom: 1px solid var(--line); }
header.top > div, main { max-width: 62rem; margin: 0 auto; padding: 0 1.25rem; }
header.top > div { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; align-items: baseline; padding-block: .9rem; }
header.top .name { font-weight: 700; letter-spacing: .01em; color: var(--ink); text-decoration: none; }
header.top nav { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; } header.top form { margin: 0; } header.top .who { margin-left: auto; color: var(--soft); font-size: .875rem; }
main { padding-block: 1.75rem 4rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .25rem; } h2 { font-size: 1.05rem; margin: 0 0 .75rem; }
.lead { color: var(--soft); margin: 0 0 1.5rem; }
.card { background: var(--paper); border: 1px solid var(--line); border-radius: .6rem; padding: 1.25rem 1.4rem; margin: 0 0 1.25rem; }
.tabs { display: flex; flex-wrap: wrap; gap: .4rem; margin: 0 0 1.25rem; padding: 0; list-style: none; }
.tabs a { display: block; padding: .3rem .8rem; border: 1px solid var(--line); border-radius: 99px; background: var(--paper); text-decoration: none; }
.tabs a[aria-current] { background: var(--ink); border-color: var(--ink); color: #fff; }
.list { list-style: none; margin: 0; padding: 0; } .list > li + li { border-top: 1px solid var(--line); }
.list .row { display: grid; grid-template-columns: 10.5rem 1fr auto; gap: .25rem 1.25rem; padding: .9rem 1.4rem; color: inherit; text-decoration: none; }
.list .row:hover { background: var(--tint); } .list .row strong { font-weight: 600; }
.flush { padding: 0; overflow: hidden; }
.small { font-size: .875rem; color: var(--soft); } .nowrap { white-space: nowrap; }
.badge { display: inline-block; padding: .05rem .55rem; border-radius: 99px; border: 1px solid var(--line); background: var(--back); font-size: .8125rem; white-space: nowrap; }
.badge.good { color: var(--good); border-color: #b5dcc4; background: #eef8f2; } .badge.warn { color: var(--warn); border-color: #ecd3a5; background: #fdf6e7; }
.badge.bad { color: var(--bad); border-color: #efc1bd; background: #fdf0ef; } .badge.brand { color: var(--brand); border-color: #bcd2ea; background: var(--tint); }
.badges { display: flex; flex-wrap: wrap; gap: .35rem; align-content: start; justify-content: flex-end; }
dl.facts { display: grid; grid-template-columns: max-content 1fr; gap: .3rem 1.5rem; margin: 0; } dl.facts dt { color: var(--soft); } dl.facts dd { margin: 0; overflow-wrap: anywhere; }
.sums { display: flex; flex-wrap: wrap; gap: 1.25rem; margin: 0; } .sums > * { flex: 1 1 8.25rem; } .sums dt { color: var(--soft); font-size: .875rem; } .sums dd { margin: 0; font-size: 1.15rem; font-variant-numeric: tabular-nums; }
.sums .main dd { font-size: 1.6rem; font-weight: 650; line-height: 1.2; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .45rem .75rem .45rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th { font-weight: 600; font-size: .875rem; color: var(--soft); } td.num, th.num { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; } .num + td:not(.num), .num + th:not(.num) { padding-left: 1.25rem; }
tr:last-child td { border-bottom: 0; } tr > :last-child { padding-right: 0; } .scroll { overflow-x: auto; background: linear-gradient(90deg, var(--paper) 40%, #fff0) 0 0 / 2rem 100% no-repeat local, linear-gradient(-90deg, var(--paper) 40%, #fff0) 100% 0 / 2rem 100% no-repeat local, linear-gradient(90deg, #0002, #0000) 0 0 / .6rem 100% no-repeat, linear-gradient(-90deg, #0002, #0000) 100% 0 / .6rem 100% no-repeat var(--paper); } .sums + .scroll { margin-top: 1.25rem; } .scroll + .small { margin-top: .75rem; } .scroll + dl.facts { margin-top: 1rem; }
iframe { display: block; width: 100%; height: 62rem; border: 0; background: #fff; resize: vertical; overflow: auto; }
.mailhead { padding: 1rem 1.4rem; border-bottom: 1px solid var(--line); }
.phone { max-width: 22rem; margin: 0 auto; padding: 1.25rem 1rem 2rem; border: 1px solid var(--line); border-radius: 1.75rem; background: #eef1f4; }
.phone p.from { text-align: center; margin: 0 0 1rem; } .bubble { background: var(--paper); border-radius: 1.1rem 1.1rem 1.1rem .3rem; padding: .7rem .95rem; margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; }
.script { white-space: pre-wrap; overflow-wrap: anywhere; margin: 0; font: inherit; }
code { font: .8125rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
.life { list-style: none; margin: 0; padding: 0 0 0 1.6rem; position: relative; }
.life::before { content: ""; position: absolute; left: .42rem; top: .6rem; bottom: .6rem; width: 2px; background: var(--line); }
.life li { position: relative; padding: 0 0 1rem; } .life li:last-child { padding-bottom: 0; }
.life li::before { content: ""; position: absolute; left: -1.55rem; top: .38rem; width: .8rem; height: .8rem; border-radius: 50%; background: var(--paper); border: 2px solid #9aa5b1; }
.life li.message::before { background: var(--brand); border-color: var(--brand); } .life li.now::before { background: #f0a202; border-color: #f0a202; }
.life li.ahead::before { border-style: dashed; } .life li.ahead { color: var(--soft); } .life .when { display: block; font-size: .875rem; color: var(--soft); }
.life li.now { font-weight: 600; } .life li.now .when, .life li.now ul { font-weight: 400; }
.life q { display: block; margin-top: .25rem; padding: .5rem .8rem; background: var(--back); border-left: 3px solid var(--line); quotes: none; white-space: pre-wrap; }
h1 + .card { margin-top: 1.25rem; } .card > p:first-child { margin-top: 0; } .card > p:last-child { margin-bottom: 0; } dl.facts + .scroll, dl.facts + table { margin-top: 1rem; } .sessions:last-child { margin-bottom: 0; }
form.login > div:not([hidden]) { display: grid; gap: .4rem; }
.last { margin-bottom: 0; } h2 .badge { margin-left: .35rem; font-weight: 400; vertical-align: .1em; }
button.second { background: var(--paper); color: var(--brand); border: 1px solid #9aa5b1; } a.button { display: inline-block; padding: .5rem 1.1rem; border-radius: .4rem; background: var(--brand); color: #fff; text-decoration: none; }
.picture svg { display: block; width: 13rem; height: 13rem; border: 1px solid var(--line); border-radius: .4rem; } .key { font-size: 1rem; letter-spacing: .03em; }
.codes { display: grid; grid-template-columns: repeat(auto-fill, minmax(21rem, 1fr)); gap: .5rem 2rem; padding-left: 1.6rem; margin: 1rem 0 1.25rem; }
.sessions { list-style: none; margin: 0 0 1rem; padding: 0; } .sessions li { display: flex; gap: 1rem; justify-content: space-between; align-items: start; padding: .7rem 0; border-top: 1px solid var(--line); } .sessions form { margin: 0; }
ul.plain { margin: .25rem 0 0; padding-left: 1.1rem; }
.note { border-left: 4px solid #f0a202; } p.note { padding-left: .75rem; } .empty { color: var(--soft); padding: 1.4rem; margin: 0; }
form.days { display: flex; flex-wrap: wrap; gap: .5rem .75rem; align-items: baseline; margin: 0 0 .75rem; } form.days label { width: auto; font-weight: 400; color: var(--soft); } form.days input, form.days select { flex: 0 1 auto; max-width: 100%; background: var(--paper); }
form.login { display: grid; gap: .6rem; max-width: 26rem; align-content: start; } form.login button { justify-self: start; margin-top: .4rem; } form.login p { margin: 0; } button.plain { background: none; color: var(--brand); padding: 0; font-size: .875rem; text-decoration: underline; text-underline-offset: .15em; }
label + select { background: var(--paper); } .answers { display: grid; grid-template-columns: repeat(auto-fit, minmax(16rem, 1fr)); gap: 1.25rem; margin-top: 1.25rem; } section.card > iframe { border: 1px solid var(--line); }
label { display: block; width: 100%; font-weight: 600; }
input, select { font: inherit; padding: .5rem .7rem; border: 1px solid #9aa5b1; border-radius: .4rem; flex: 1 1 18rem; } button { font: inherit; padding: .5rem 1.1rem; border: 0; border-radius: .4rem; background: var(--brand); color: #fff; cursor: pointer; }
@media (max-width: 40rem) { .sums { display: grid; grid-template-columns: 1fr 1fr; } .sums .main { grid-column: 1 / -1; } th.num { white-space: normal; overflow-wrap: normal; } .list .row { grid-template-columns: 1fr; } .badges { justify-content: flex-start; } .scroll table { font-size: .875rem; } .scroll tr > :not(:last-child) { padding-right: .5rem; } .scroll td .small { font-size: .75rem; } dl.facts { grid-template-columns: 1fr; gap: 0; } dl.facts dd { margin-bottom: .5rem; } }
@media print {
  body { background: #fff; font-size: 11pt; } header.top nav, header.top .who, header.top form, .tabs, .noprint { display: none; }
  .card { border-color: #bbb; break-inside: avoid; } main { max-width: none; padding: 0; } a { color: inherit; text-decoration: none; } iframe { height: 60rem; }
}
`;
