import type { TemplatesOf } from './template.ts';

/** The words of SMS and of calls: who speaks, what is owed, what to do; only `body` is used. */
export const shortTemplates: TemplatesOf<'sms_pre_due' | 'sms_reminder' | 'sms_firm' | 'call_script'> = {
  sms_pre_due: {
    level: 'preventive',
    fr: {
      subject: '',
      greeting: 'formal',
      body: `{{ creditor.name }} : {% if count == 1 %}votre facture {{ invoice.number }} arrive à échéance le {{ invoice.shortDueDate }}{% else %}{{ count }} factures arrivent bientôt à échéance{% endif %} ({{ asked }}), réf. {{ reference }}. Une question ?{% if creditor.phone %} Appelez-nous au {{ creditor.phone }}.{% else %} Écrivez-nous.{% endif %}`,
      after: '',
      closing: '',
    },
    en: {
      subject: '',
      greeting: 'formal',
      body: `{{ creditor.name }}: {% if count == 1 %}your invoice {{ invoice.number }} falls due on {{ invoice.shortDueDate }}{% else %}{{ count }} invoices will soon fall due{% endif %} ({{ asked }}), ref. {{ reference }}. Any question?{% if creditor.phone %} Call us on {{ creditor.phone }}.{% else %} Write to us.{% endif %}`,
      after: '',
      closing: '',
    },
  },
  sms_reminder: {
    level: 'reminder',
    fr: {
      subject: '',
      greeting: 'formal',
      body: `{{ creditor.name }} : sauf erreur, {% if count == 1 %}votre facture {{ invoice.number }} échue le {{ invoice.shortDueDate }} n'est pas réglée ({{ asked }}){% else %}{{ count }} factures échues ne sont pas réglées ({{ asked }}){% endif %}. Merci de faire le virement, réf. {{ reference }}{% if creditor.phone %}, ou de nous appeler au {{ creditor.phone }}{% endif %}.`,
      after: '',
      closing: '',
    },
    en: {
      subject: '',
      greeting: 'formal',
      body: `{{ creditor.name }}: according to our records, {% if count == 1 %}invoice {{ invoice.number }}, due on {{ invoice.shortDueDate }}, is not paid yet ({{ asked }}){% else %}{{ count }} invoices past due are not paid yet ({{ asked }}){% endif %}. Please make the transfer, ref. {{ reference }}{% if creditor.phone %}, or call us on {{ creditor.phone }}{% endif %}.`,
      after: '',
      closing: '',
    },
  },
  sms_firm: {
    level: 'firm',
    fr: {
      subject: '',
      greeting: 'formal',
      body: `{{ creditor.name }} : {% if count == 1 %}la facture {{ invoice.number }} échue le {{ invoice.shortDueDate }} reste impayée ({{ asked }}){% else %}{{ count }} factures échues restent impayées ({{ asked }}){% endif %}. Merci de régler sans attendre, réf. {{ reference }}, ou de nous donner une date{% if creditor.phone %} au {{ creditor.phone }}{% endif %}.`,
      after: '',
      closing: '',
    },
    en: {
      subject: '',
      greeting: 'formal',
      body: `{{ creditor.name }}: {% if count == 1 %}invoice {{ invoice.number }}, due on {{ invoice.shortDueDate }}, remains unpaid ({{ asked }}){% else %}{{ count }} invoices past due remain unpaid ({{ asked }}){% endif %}. Please pay without delay, ref. {{ reference }}, or give us a date{% if creditor.phone %} on {{ creditor.phone }}{% endif %}.`,
      after: '',
      closing: '',
    },
  },
  call_script: {
    level: 'firm',
    fr: {
      subject: '',
      greeting: 'formal',
      body: `« Je vous appelle au sujet de {% if count == 1 %}notre facture {{ invoice.number }}, à échéance du {{ invoice.dueDate }}{% elsif daysLate > 0 %}{{ count }} factures échues, la plus ancienne depuis {{ age }}{% else %}{{ count }} factures qui arrivent à échéance{% endif %}. Sauf erreur de notre part, il reste {{ asked }} à régler. Tout vous est-il bien parvenu ? Quelque chose s'oppose-t-il au règlement ? »`,
      after: '',
      closing: '',
    },
    en: {
      subject: '',
      greeting: 'formal',
      body: `“I am calling about {% if count == 1 %}our invoice {{ invoice.number }}, due on {{ invoice.dueDate }}{% elsif daysLate > 0 %}{{ count }} invoices past due, the oldest by {{ age }}{% else %}{{ count }} invoices that will soon fall due{% endif %}. According to our records, {{ asked }} remains to be paid. Did everything reach you? Is there anything that stands in the way of payment?”`,
      after: '',
      closing: '',
    },
  },
};
