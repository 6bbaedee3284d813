/**
 * Every template that ships with Relance, by its key, and the choice among them for a medium.
 *
 * A step names one template, but its message may leave by a fallback channel: an SMS step without a mobile number
 * becomes a mail, a mail step a call. Then the words for that medium at the same level are taken.
 */
import { rankOf } from '../../../domain/level.ts';
import type { Level } from '../../../domain/level.ts';
import type { DebtorTemplateKey, InternalTemplateKey, TemplateKey } from '../../../domain/message.ts';
import { abroadTemplates } from './abroad.ts';
import { goodPayerTemplates } from './good-payer.ts';
import { internalTemplates } from './internal.ts';
import { publicBodyTemplates } from './public-body.ts';
import { riskyTemplates } from './risky.ts';
import { shortTemplates } from './short.ts';
import { standardTemplates } from './standard.ts';
import type { ShippedTemplate } from './template.ts';

const toDebtors: Readonly<Record<DebtorTemplateKey, ShippedTemplate>> = {
  ...standardTemplates,
  ...goodPayerTemplates,
  ...riskyTemplates,
  ...publicBodyTemplates,
  ...abroadTemplates,
  ...shortTemplates,
};

export const shippedTemplates: Readonly<Record<TemplateKey, ShippedTemplate>> = {
  ...toDebtors,
  ...internalTemplates,
};

/** The words of a mail or a letter for this step; words for SMS and calls are replaced by those of the level. */
export function longTemplate(key: DebtorTemplateKey, level: Level): ShippedTemplate {
  return key in shortTemplates ? toDebtors[keyOfLevel(level)] : toDebtors[key];
}

/** The words of an SMS for this step: no SMS presses harder than a firm reminder. */
export function smsTemplate(key: DebtorTemplateKey, level: Level): ShippedTemplate {
  if (key === 'sms_pre_due' || key === 'sms_reminder' || key === 'sms_firm') return toDebtors[key];
  if (level === 'preventive') return toDebtors.sms_pre_due;
  return toDebtors[rankOf(level) < rankOf('firm') ? 'sms_reminder' : 'sms_firm'];
}

export function internalTemplate(key: InternalTemplateKey): ShippedTemplate {
  return internalTemplates[key];
}

function keyOfLevel(level: Level): DebtorTemplateKey {
  if (level === 'preventive') return 'pre_due';
  if (level === 'reminder') return 'reminder';
  return level === 'firm' ? 'firm_reminder' : 'formal_notice';
}
