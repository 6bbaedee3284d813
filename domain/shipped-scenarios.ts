import type { Channel, DebtorTemplateKey } from './message.ts';
import type { Bounds, Scenario, Step } from './scenario.ts';
import { shippedStepNames } from './shipped-step-names.ts';
import type { ShippedStep } from './shipped-step-names.ts';

/**
 * The five scenarios that Relance ships, most particular audience first.
 *
 * They press as French practice does: a courtesy before the due date, reminders that grow firmer, a voice, then a
 * registered formal notice that a person confirms, and the hand-over that a person approves. All amicable phases end
 * within 60 days (F8). A published version never changes: a change here is a new number.
 */
export const shippedScenarios: readonly Scenario[] = [
  publicBody(),
  abroad(),
  goodPayer(),
  risky(),
  standard(),
];

function standard(): Scenario {
  return {
    id: 'standard@1',
    name: { fr: 'Standard', en: 'Standard' },
    audience: {},
    window: officeHours(),
    bounds: boundsOf(),
    steps: [
      mail('pre-due', 'preventive', -7, 'pre_due'),
      mail('reminder', 'reminder', 3, 'reminder'),
      mail('second-reminder', 'reminder', 12, 'reminder'),
      mail('firm-reminder', 'firm', 21, 'firm_reminder'),
      call('call', 28),
      mail('last-reminder', 'firm', 36, 'last_reminder', { recipient: 'escalation' }),
      notice(46, 'formal_notice'),
      handOver(64),
    ],
  };
}

/** Known to pay: softer words, more time, and a call before anything firm. */
function goodPayer(): Scenario {
  return {
    id: 'good-payer@1',
    name: { fr: 'Bon payeur', en: 'Good payer' },
    audience: { grades: ['A'] },
    window: officeHours(),
    bounds: boundsOf(),
    steps: [
      mail('pre-due', 'preventive', -5, 'pre_due_soft'),
      mail('reminder', 'reminder', 7, 'reminder_soft'),
      call('call', 17, 'reminder'),
      mail('firm-reminder', 'firm', 28, 'firm_reminder_soft'),
      mail('last-reminder', 'firm', 40, 'last_reminder_soft', { recipient: 'escalation' }),
      notice(52, 'formal_notice'),
      handOver(68),
    ],
  };
}

/** Known to pay late or fragile: earlier, closer together, a text message and a voice soon. */
function risky(): Scenario {
  return {
    id: 'risky@1',
    name: { fr: 'À risque', en: 'Risky' },
    audience: { grades: ['D', 'E'] },
    window: officeHours(),
    bounds: { ...boundsOf(), amicableDays: 50, promiseGraceDays: 1, promiseDaysMax: 30 },
    steps: [
      mail('pre-due', 'preventive', -10, 'pre_due_risky'),
      mail('reminder', 'reminder', 1, 'reminder_risky'),
      text('text-message', 'reminder', 6, 'sms_reminder'),
      call('call', 10),
      mail('firm-reminder', 'firm', 16, 'firm_reminder_risky'),
      mail('last-reminder', 'firm', 24, 'last_reminder_risky', { recipient: 'escalation' }),
      notice(32, 'formal_notice'),
      handOver(50),
    ],
  };
}

/** A public body pays through its accountant: patience, references, and a letter rather than a text message. */
function publicBody(): Scenario {
  return {
    id: 'public-body@1',
    name: { fr: 'Organisme public', en: 'Public body' },
    audience: { kinds: ['public'] },
    window: officeHours(),
    bounds: { ...boundsOf(), promiseGraceDays: 3 },
    steps: [
      mail('pre-due', 'preventive', -5, 'pre_due_public'),
      mail('reminder', 'reminder', 5, 'reminder_public'),
      call('call', 15, 'reminder'),
      mail('firm-reminder', 'firm', 27, 'firm_reminder_public'),
      {
        ...mail('last-reminder', 'firm', 42, 'last_reminder_public', { recipient: 'escalation' }),
        channel: 'letter',
        fallbacks: ['email', 'call'],
      },
      notice(50, 'formal_notice_public'),
      handOver(68),
    ],
  };
}

/** Another country: English unless French is spoken, international bank details, longer ways of the post. */
function abroad(): Scenario {
  return {
    id: 'abroad@1',
    name: { fr: 'Étranger', en: 'Abroad' },
    audience: { kinds: ['company'], abroad: true },
    window: officeHours(),
    bounds: { ...boundsOf(), noticeAnswerDays: 15 },
    steps: [
      mail('pre-due', 'preventive', -7, 'pre_due_abroad'),
      mail('reminder', 'reminder', 4, 'reminder_abroad'),
      mail('second-reminder', 'reminder', 14, 'reminder_abroad'),
      mail('firm-reminder', 'firm', 24, 'firm_reminder_abroad'),
      call('call', 33),
      mail('last-reminder', 'firm', 42, 'last_reminder_abroad', { recipient: 'escalation' }),
      notice(50, 'formal_notice_abroad'),
      handOver(72),
    ],
  };
}

function boundsOf(): Bounds {
  return { amicableDays: 60, knownDaysMin: 3, promiseGraceDays: 2, promiseDaysMax: 60, noticeAnswerDays: 8 };
}

/** Mail may be read at any hour, but a reminder at night reads as harassment (law-fr §13). */
function officeHours(): Scenario['window'] {
  return { fromMinute: 9 * 60, toMinute: 17 * 60 + 30 };
}

function mail(
  key: ShippedStep,
  level: Step['level'],
  offsetDays: number,
  template: DebtorTemplateKey,
  more: Partial<Step> = {},
): Step {
  return {
    ...named(key),
    level,
    offsetDays,
    channel: 'email',
    fallbacks: ['letter', 'call'],
    mode: 'automatic',
    template,
    recipient: 'billing',
    ...more,
  };
}

function text(key: ShippedStep, level: Step['level'], offsetDays: number, template: DebtorTemplateKey): Step {
  return {
    ...named(key),
    level,
    offsetDays,
    channel: 'sms',
    fallbacks: ['email', 'call'],
    mode: 'automatic',
    template,
    recipient: 'billing',
  };
}

function call(key: ShippedStep, offsetDays: number, level: Step['level'] = 'firm'): Step {
  const fallbacks: Channel[] = ['email', 'letter'];
  return {
    ...named(key),
    level,
    offsetDays,
    channel: 'call',
    fallbacks,
    mode: 'manual',
    template: 'call_script',
    recipient: 'billing',
  };
}

/** A person confirms every formal notice, and its proof is the presentation of the registered letter (law-fr §9). */
function notice(offsetDays: number, template: DebtorTemplateKey): Step {
  return {
    ...named('formal-notice'),
    level: 'formal_notice',
    offsetDays,
    channel: 'registered_letter',
    fallbacks: ['letter'],
    mode: 'review',
    template,
    recipient: 'legal',
  };
}

function handOver(offsetDays: number): Step {
  return {
    ...named('hand-over'),
    level: 'litigation',
    offsetDays,
    channel: 'internal',
    fallbacks: [],
    mode: 'review',
    template: 'internal_task_due',
    recipient: 'legal',
  };
}

function named(key: ShippedStep): Pick<Step, 'key' | 'name'> {
  return { key, name: shippedStepNames[key] };
}
