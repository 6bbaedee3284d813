import { describe, expect, it } from 'vitest';

import { composeCallScript, voicemailOf } from '../../../activities/compose/call-script.ts';
import { composeInternalMail } from '../../../activities/compose/internal-mail.ts';
import { internalTemplateKeys, languages } from '../../../domain/message.ts';
import type { InternalNotice } from '../../../domain/message.ts';
import { figuresOf, plain } from './figures.ts';

describe('a call script', () => {
  it.each(languages)('gives the collector the figures, the questions and the words (%s)', (language) => {
    const script = plain(
      composeCallScript(figuresOf({ language, contact: { name: 'Claire Martin', phone: '04 76 00 00 00' } })),
    );

    for (const fact of [
      'Menuiseries du Vercors SARL',
      'Claire Martin – 04 76 00 00 00',
      'F2026-0117',
      'F2026-0142',
      'RF83 7328 2932 0A1',
    ])
      expect(script).toContain(fact);
    expect(script).toContain(language === 'fr' ? '14 343,50 €' : '€14,343.50');
  });

  // Anyone in the office may hear a voicemail (law page, section 13).
  it.each(languages)('lets nobody hear of a debt on a voicemail (%s)', (language) => {
    const figures = figuresOf({ language });
    const words = voicemailOf(figures);

    expect(words).toContain('Claire Martin');
    expect(words).not.toMatch(/factur|invoice|€|régl|pay|dette|debt|impay|échéance|due/i);
    for (const line of figures.lines) expect(words).not.toContain(line.number);
    expect(composeCallScript(figures)).toContain(words);
  });
});

describe('a mail to our own users', () => {
  const notice: InternalNotice = {
    template: 'internal_task_due',
    language: 'fr',
    today: '2026-03-12',
    creditorName: 'Atelier Durand SAS',
    recipientName: 'Camille',
    debtorName: '<i>Vercors</i>',
    title: 'Appeler Claire Martin',
    dueDate: '2026-03-13',
    ownerName: 'Paul',
    reason: 'le courrier est revenu',
    lines: figuresOf().lines,
    link: 'http://127.0.0.1:8080/i/F2026-0117?a=1&b=2',
  };

  it.each(
    internalTemplateKeys.flatMap((template) => languages.map((language) => [template, language] as const)),
  )('says what to do (%s, %s)', (template, language) => {
    const mail = composeInternalMail({ ...notice, template, language });

    // Old bank data are the creditor's, all else is about the debtor.
    expect(mail.subject).toContain(template === 'internal_bank_data_old' ? notice.creditorName : 'Vercors');
    expect(mail.text).toContain('Appeler Claire Martin');
    expect(mail.text).toContain('F2026-0117');
    expect(mail.text).toContain(notice.link);
    expect(mail.html).not.toMatch(/<i>|\{\{|undefined/);
    expect(composeInternalMail({ ...notice, template, language })).toEqual(mail);
  });

  it('refuses a link that a browser would run', () => {
    expect(() => composeInternalMail({ ...notice, link: 'javascript:alert(1)' })).toThrow('http or https');
  });
});
