import { describe, expect, it } from 'vitest';

import { lintTemplate, lintText } from '../../../activities/compose/lint-template.ts';
import { renderTemplate } from '../../../activities/compose/template-language.ts';
import {
  debtorScope,
  debtorScopeNames,
  internalScope,
  internalScopeNames,
} from '../../../activities/compose/template-scope.ts';
import { shippedTemplates } from '../../../activities/compose/templates/shipped.ts';
import { debtorTemplateKeys, internalTemplateKeys, languages } from '../../../domain/message.ts';
import { figuresOf } from './figures.ts';

const template = { subject: 'x', greeting: 'formal', body: 'x', after: '', closing: '' } as const;

function namesIn(scope: object): string[] {
  return Object.entries(scope).flatMap(([key, value]) =>
    typeof value === 'object' ? Object.keys(value as object).map((inner) => `${key}.${inner}`) : [key],
  );
}

describe('a shipped template', () => {
  it.each(debtorTemplateKeys.flatMap((key) => languages.map((language) => [key, language] as const)))(
    'may be used as it is (%s, %s)',
    (key, language) => {
      expect(lintTemplate(shippedTemplates[key][language], shippedTemplates[key].level, language)).toEqual(
        [],
      );
    },
  );

  it.each(internalTemplateKeys.flatMap((key) => languages.map((language) => [key, language] as const)))(
    'may be used inside (%s, %s)',
    (key, language) => {
      expect(lintTemplate(shippedTemplates[key][language], 'preventive', language, 'internal')).toEqual([]);
    },
  );
});

describe('the linter of templates', () => {
  it.each([
    ['firm', 'fr', 'Sans règlement, une saisie sera engagée.', 'saisie'],
    ['firm', 'fr', 'Notre huissier vous contactera.', 'huissier'],
    ['reminder', 'fr', 'Nous irons au TRIBUNAL.', 'tribunal'],
    ['firm', 'fr', 'Le dossier passera au contentieux.', 'contentieux'],
    ['reminder', 'fr', 'La mise en demeure suivra.', 'mise en demeure'],
    ['preventive', 'fr', 'Votre retard nous étonne.', 'retard'],
    ['preventive', 'en', 'Your invoice is overdue.', 'overdue'],
    ['firm', 'en', 'We will take legal action.', 'legal action'],
    ['firm', 'en', 'See you in court.', 'court'],
    ['formal_notice', 'fr', 'COMMANDEMENT DE PAYER', 'commandement de payer'],
  ] as const)('at level %s in %s finds the forbidden word of "%s"', (level, language, body, word) => {
    const findings = lintTemplate({ ...template, body }, level, language);

    expect(findings.map((finding) => [finding.field, finding.code])).toContainEqual([
      'body',
      'forbidden_word',
    ]);
    expect(findings[0]?.message).toContain(`"${word}"`);
  });

  it.each([
    'Nous saisissons vos comptes bancaires demain.',
    'Vos biens seront saisis.',
    'Nous vous assignons demain.',
    'We are suing you.',
    'Nous préviendrons votre employeur.',
    'Nous avertirons vos clients.',
    'Frais de recouvrement de 150 € à votre charge.',
    'L’affaire est transmise à la police.',
  ])('finds the threat of a person in "%s"', (text) => {
    expect(lintText(text, 'firm', 'fr')).not.toEqual([]);
  });

  it.each([
    'Votre banque vous dira quand le virement est parti.',
    'Vos clients ont reçu la marchandise le 3 mars.',
    'La police d’assurance est jointe.',
    'The claim was assigned to another department.',
    'Indemnité forfaitaire pour frais de recouvrement : 40 €.',
  ])('finds none in "%s"', (text) => {
    expect(lintText(text, 'firm', 'fr')).toEqual([]);
  });

  it('lets a formal notice name what follows', () => {
    expect(lintText('Nous saisirons le tribunal.', 'formal_notice', 'fr')).toEqual([]);
  });

  it.each([
    ['{{ invoice.nubmer }}', 'unknown_value'],
    ['{% if count == 1 %}', 'unreadable'],
    ['{% for i in (1..3) %}x{% endfor %}', 'unreadable'],
    ['{{ asked | json }}', 'unreadable'],
    ['<b>gras</b>', 'markup'],
    ['Payez sur https://pay.example', 'address'],
    ['FR76 3000 6000 0112 3456 7890 189', 'address'],
    ['PAYEZ TOUT MAINTENANT VITE', 'shouting'],
  ])('finds what is wrong with %s', (body, code) => {
    expect(
      lintTemplate({ ...template, body }, 'formal_notice', 'fr').map((finding) => finding.code),
    ).toContain(code);
  });

  it('knows every value that a message really has', () => {
    expect(namesIn(debtorScope(figuresOf())).sort()).toEqual([...debtorScopeNames].sort());
    const notice = {
      template: 'internal_task_due',
      language: 'fr',
      today: '2026-03-12',
      creditorName: 'A',
      recipientName: 'B',
      debtorName: 'C',
      title: 'D',
      lines: [],
    } as const;
    expect(namesIn(internalScope(notice)).sort()).toEqual([...internalScopeNames].sort());
  });
});

describe('the language of templates', () => {
  it.each([
    '{{ missing }}',
    '{{ a.constructor }}',
    '{{ a.__proto__ }}',
    '{{ a["constructor"] }}',
    '{% include "x" %}',
    '{% render "x" %}',
    '{% assign x = 1 %}',
    '{% for i in (1..1000000000) %}x{% endfor %}',
    '{{ "x" | date: "%s" }}',
    '{{ "x" | append: "y" }}',
    'x'.repeat(20_001),
  ])('refuses %s', (source) => {
    expect(() => renderTemplate(source, { a: { b: 'c' } })).toThrow();
  });

  it('never reads a value as a template', () => {
    expect(renderTemplate('{{ a.b }}', { a: { b: '{{ 7 | times: 7 }}{% if %}' } })).toBe(
      '{{ 7 | times: 7 }}{% if %}',
    );
  });
});
