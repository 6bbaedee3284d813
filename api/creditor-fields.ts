import { electronicFormatIBAN, isValidBIC, isValidIBAN } from 'ibantools';
import { z } from 'zod';
import { isZone } from '../db/calendars.ts';
import type { CreditorChange } from '../db/creditors.ts';
import { languages } from '../domain/message.ts';
import { claimColumns, claimSettings } from './claim-settings.ts';
import { countryCodeOf } from './import/iso-country.ts';
import { currencyOf } from './import/iso-currency.ts';
import { known } from './known.ts';
import { readSiren, readVat } from './import/identifiers.ts';
import { line, mailAddress } from './shapes.ts';

/**
 * The fields of a creditor as callers give them, checked where a check digit or a table can tell.
 *
 * These stand on every message and decide where the money goes: an IBAN with one wrong digit would send a debtor's
 * payment astray, so none is stored that its own check refuses. Null empties a field.
 */
export const creditorFields = z.strictObject({
  legalName: line(200).nullable().optional(),
  siren: checked('732829320', readSiren, 'give the 9 digits of the SIREN, or the 14 of a SIRET')
    .nullable()
    .optional(),
  vatNumber: checked('FR44732829320', readVat, 'give the VAT number with the letters of its country')
    .nullable()
    .optional(),
  registration: line(200)
    .meta({ examples: ['RCS Lyon, SAS au capital de 50 000 €'] })
    .nullable()
    .optional()
    .describe('What its letters say of it beside the SIREN: its register, its legal form, its capital.'),
  address: z.array(line(100)).min(1).max(7).optional().describe('Lines, as on an envelope.'),
  country: recognised('FR', countryCodeOf, 'give a country, such as FR').optional(),
  iban: z
    .string()
    .min(1)
    .max(60)
    .meta({ examples: ['FR7630006000011234567890189'] })
    .transform((text) => electronicFormatIBAN(text) ?? '')
    .refine((iban) => isValidIBAN(iban), 'its check digits are wrong: copy the IBAN from the bank again')
    .nullable()
    .optional(),
  bic: z
    .string()
    .min(1)
    .max(40)
    .meta({ examples: ['AGRIFRPP'] })
    .transform((text) => text.replaceAll(' ', '').toUpperCase())
    .refine((bic) => isValidBIC(bic), 'it is no BIC: give its 8 or 11 characters')
    .nullable()
    .optional(),
  senderName: line(100).nullable().optional(),
  replyTo: mailAddress.nullable().optional(),
  phone: line(40).nullable().optional(),
  language: z.enum(languages).optional(),
  zone: z
    .string()
    .max(60)
    .refine(isZone, 'give a time zone such as Europe/Paris')
    .meta({ examples: ['Europe/Paris'] })
    .optional(),
  currency: recognised('EUR', currencyOf, 'give an ISO 4217 code such as EUR').optional(),
  mailAccount: line(63)
    .nullable()
    .optional()
    .describe("The account that carries its mails; null for the installation's default."),
  smsAccount: line(63)
    .nullable()
    .optional()
    .describe("The account that carries its text messages; null for the installation's default."),
  promiseGraceDays: z
    .int()
    .min(0)
    .max(30)
    .nullable()
    .optional()
    .describe("Working days after a promised day before it counts as broken; null for the scenario's."),
  promiseToleranceCents: z
    .int()
    .min(0)
    .max(100_000)
    .optional()
    .describe('Cents that may be missing of a promise or an instalment.'),
  bankDataDaysMax: z
    .int()
    .min(0)
    .max(60)
    .nullable()
    .optional()
    .describe(
      'Working days that the bank data may be old before nothing is declared broken on them; null, as at first, where payments are recorded by hand: what is not recorded has not come.',
    ),
  ...claimSettings.partial().shape,
});

/** The columns that change. */
export function creditorColumns(given: z.infer<typeof creditorFields>): CreditorChange {
  const { legalName, vatNumber, senderName, replyTo, mailAccount, smsAccount, ...others } = given;
  const { promiseGraceDays, promiseToleranceCents, bankDataDaysMax, ...more } = others;
  const { address, bic, country, currency, iban, language, phone, registration, siren, zone } = more;
  const all = {
    ...{ address, bic, country, currency, iban, language, phone, registration, siren, zone },
    ...claimColumns(more),
    legal_name: legalName,
    vat_number: vatNumber,
    sender_name: senderName,
    reply_to: replyTo,
    mail_account: mailAccount,
    sms_account: smsAccount,
    promise_grace_days: promiseGraceDays,
    promise_tolerance_cents: promiseToleranceCents,
    bank_data_days_max: bankDataDaysMax,
  };
  return known(all);
}

/** Kept as it is recognised: without spaces, without the establishment's digits. */
function checked(
  example: string,
  read: (value: string) => { kind: 'identifier'; value: string } | { kind: 'invalid'; problem: string },
  remedy: string,
) {
  return z
    .string()
    .min(1)
    .max(40)
    .meta({ examples: [example] })
    .transform((value, context) => {
      const reading = read(value);
      if (reading.kind === 'identifier') return reading.value;
      context.addIssue(`${reading.problem}: ${remedy}`);
      return z.NEVER;
    });
}

function recognised(example: string, read: (value: string) => string | undefined, remedy: string) {
  return z
    .string()
    .min(1)
    .max(60)
    .meta({ examples: [example] })
    .transform((value, context) => {
      const code = read(value);
      if (code !== undefined) return code;
      context.addIssue(remedy);
      return z.NEVER;
    });
}
