import type { Session } from '../../db/sessions.ts';
import type { Language } from '../../domain/message.ts';
import { momentInWords } from '../words.ts';
import { accountTexts, saidOfSuccess } from './account-texts.ts';
import type { AccountSaid } from './account-texts.ts';
import { browserNamed } from './browser-names.ts';
import { Html, markup } from './html.ts';

/** The parts of the page of one's own account; each form is one card, so that a telephone shows one at a time. */
export interface AccountCards {
  readonly language: Language;
  /** For the browser that keeps his passwords. */
  readonly name: string;
  readonly hasPassword: boolean;
  /** Null: there are no second factors here. */
  readonly hasFactor: boolean | null;
  /** Whether the proof of who sits here is of the last minutes. */
  readonly isProved: boolean;
}

/** Clocks of the house; a session has no zone of its own. */
const zone = 'Europe/Paris';

export function saidCard(said: AccountSaid | null, language: Language): Html | null {
  if (said === null) return null;
  const role = saidOfSuccess.includes(said) ? 'status' : 'alert';
  return markup`<p class="card note" role="${role}">${accountTexts[language].said[said]}</p>`;
}

export function passwordCard({ language, name, hasPassword }: AccountCards): Html {
  const words = accountTexts[language].password;
  if (!hasPassword)
    return markup`<section class="card"><h2>${words.title}</h2><p class="lead last">${words.none}</p></section>`;
  return markup`<section class="card"><h2>${words.title}</h2>
<p class="lead">${words.lead}</p>
<form class="login" method="post" action="/account/password">
<input name="username" value="${name}" autocomplete="username" hidden>
<label for="current">${words.current}</label>
<input id="current" name="current" type="password" autocomplete="current-password" maxlength="1000" required>
<label for="password">${words.chosen}</label>
<input id="password" name="password" type="password" autocomplete="new-password" minlength="12" maxlength="128" required>
<label for="again">${words.again}</label>
<input id="again" name="again" type="password" autocomplete="new-password" minlength="12" maxlength="128" required>
${languageField(language)}<button>${words.change}</button>
</form></section>`;
}

export function factorCard(cards: AccountCards, duty: boolean, to: string): Html {
  const { language, hasFactor } = cards;
  const words = accountTexts[language].factor;
  const badge = hasFactor === true ? markup`<span class="badge good">${words.on}</span>` : off(words.off);
  return markup`<section class="card"><h2>${words.title} ${hasFactor !== null && badge}</h2>
${duty && markup`<p class="lead"><strong>${words.duty}</strong></p>`}
${factorForm(cards, to)}</section>`;
}

function off(word: string): Html {
  return markup`<span class="badge">${word}</span>`;
}

function factorForm(cards: AccountCards, to: string): Html {
  const { language, hasFactor } = cards;
  const words = accountTexts[language].factor;
  if (hasFactor === null) return markup`<p class="lead last">${words.unavailable}</p>`;
  if (hasFactor)
    return markup`<p class="lead">${words.removeLead}</p>
<form class="login" method="post" action="/account/factor/removal">
${passwordField(cards, 'factor-password')}
${codeField(words.code, 'factor-code')}
${languageField(language)}<button class="second">${words.remove}</button>
</form>`;
  const lead = markup`<p class="lead">${words.lead}</p>`;
  if (!cards.hasPassword && !cards.isProved) return markup`${lead}${provedThere(language, '/account')}`;
  return markup`${lead}
<form class="login" method="post" action="/account/factor">
${passwordField(cards, 'factor-password')}
${toField(to)}${languageField(language)}<button>${words.begin}</button>
</form>`;
}

/** Nothing where somebody has no password: then he has proved himself elsewhere. */
function passwordField({ language, hasPassword }: AccountCards, id: string): Html | null {
  if (!hasPassword) return null;
  const words = accountTexts[language].password;
  return markup`<label for="${id}">${words.current}</label>
<input id="${id}" name="current" type="password" autocomplete="current-password" maxlength="1000" required>`;
}

export function codeField(label: string, id: string): Html {
  return markup`<label for="${id}">${label}</label>
<input id="${id}" name="code" autocomplete="one-time-code" maxlength="64" spellcheck="false" required>`;
}

export function toField(to: string): Html | null {
  return to === '' ? null : markup`<input type="hidden" name="to" value="${to}">`;
}

export function languageField(language: Language): Html {
  return markup`<input type="hidden" name="lang" value="${language}">`;
}

export function provedThere(language: Language, to: string): Html {
  const words = accountTexts[language].proof;
  return markup`<p class="last"><a href="/v1/oidc/start?again=yes&amp;to=${encodeURIComponent(to)}">${words.there}</a></p>`;
}

/** Opened once: `picture` is drawn by ourselves. */
export function setUpCard(
  language: Language,
  given: { readonly picture: string; readonly uri: string; readonly secret: string },
  to: string,
): Html {
  const words = accountTexts[language].factor;
  return markup`<section class="card"><p>${words.scan}</p>
<div class="picture" role="img" aria-label="${words.pictureOf}">${new Html(given.picture)}</div>
<p><a href="${given.uri}">${words.open}</a></p>
<p>${words.type}<br><code class="key">${given.secret.replace(/(.{4})(?=.)/g, '$1 ')}</code></p>
<p class="lead">${words.confirmLead}</p>
${confirmForm(language, to)}</section>`;
}

export function confirmForm(language: Language, to: string): Html {
  const words = accountTexts[language].factor;
  return markup`<form class="login" method="post" action="/account/factor/confirmation">
${codeField(words.code, 'code')}
${toField(to)}${languageField(language)}<button>${words.confirm}</button>
</form>`;
}

export function recoveryCodesCard(language: Language, codes: readonly string[], next: string): Html {
  const words = accountTexts[language].factor;
  return markup`<section class="card"><p>${words.codesLead}</p>
<ol class="codes">${codes.map((code) => markup`<li><code class="key">${code}</code></li>`)}</ol>
<p class="noprint last"><a class="button" href="${next}">${words.noted}</a></p></section>`;
}

export function sessionsCard(sessions: readonly Session[], here: string, { language }: AccountCards): Html {
  const words = accountTexts[language].sessions;
  return markup`<section class="card"><h2>${words.title}</h2>
<p class="lead">${words.lead}</p>
<ul class="sessions">${sessions.map((session) => line(session, session.id === here, language))}</ul>
${sessions.length > 1 && endForm(language, 'others', markup`<button class="second">${words.endOthers}</button>`)}</section>`;
}

function line(session: Session, isHere: boolean, language: Language): Html {
  const words = accountTexts[language].sessions;
  const { userAgent } = session;
  const name = (userAgent !== null && browserNamed(userAgent)) || words.unknown;
  const how = `${words.by[session.openedBy]}${session.secondFactor ? `, ${words.withFactor}` : ''}`;
  const when = `${words.opened} ${momentInWords(session.openedAt, zone, language)} · ${words.seen} ${momentInWords(session.seenAt, zone, language)}`;
  const button = markup`<button class="plain" aria-label="${`${words.endThis} : ${name}`}">${words.end}</button>`;
  return markup`<li><span><strong${userAgent !== null && markup` title="${userAgent}"`}>${name}</strong> ${isHere && markup`<span class="badge brand">${words.here}</span>`}<br>
<span class="small">${when}<br>${how}</span></span>
${!isHere && endForm(language, session.id, button)}</li>`;
}

function endForm(language: Language, end: string, button: Html): Html {
  return markup`<form method="post" action="/account/sessions"><input type="hidden" name="end" value="${end}">${languageField(language)}${button}</form>`;
}

/** Asked for before sessions are ended; `end` is what was wanted. */
export function proofCard({ language, hasPassword, hasFactor, isProved }: AccountCards, end: string): Html {
  const words = accountTexts[language].proof;
  const way = hasPassword || hasFactor === true;
  return markup`<section class="card"><p class="lead">${words.lead}</p>
${
  way || isProved
    ? markup`<form class="login" method="post" action="/account/sessions">
<input type="hidden" name="end" value="${end}">${languageField(language)}
${hasPassword && markup`<label for="current">${words.password}</label><input id="current" name="current" type="password" autocomplete="current-password" maxlength="1000"${hasFactor !== true && markup` required`} autofocus>`}
${hasFactor === true && markup`<label for="code">${hasPassword ? words.orCode : accountTexts[language].factor.code}</label><input id="code" name="code" autocomplete="one-time-code" maxlength="64" spellcheck="false">`}
<button>${words.go}</button></form>`
    : provedThere(language, '/account')
}
<p class="last small"><a href="/account?lang=${language}">${words.back}</a></p></section>`;
}

export function codeCard(language: Language, to: string): Html {
  const words = accountTexts[language];
  return markup`<section class="card"><p class="lead">${words.needCode.lead}</p>
<form class="login" method="post" action="/account/proof">
${codeField(words.factor.code, 'code')}
${toField(to)}${languageField(language)}<button>${words.needCode.go}</button>
</form></section>`;
}
