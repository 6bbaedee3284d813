import type { DebtorKind } from '../../domain/debtor.ts';
import type { PaidBy } from '../../domain/fact.ts';

/**
 * The customers of the demonstration: invented companies with invoices in every state that a collector meets.
 *
 * Days are counted from the day of the first start, so the portfolio is always fresh. None of the addresses exists, and
 * debtors of the demonstration are reached in the built-in outbox alone, whatever the settings.
 */
export interface Customer {
  readonly name: string;
  readonly kind: DebtorKind;
  readonly country: string;
  /** Of an invented company, with noughts that no real one has. */
  readonly siren?: string;
  readonly language: 'fr' | 'en';
  readonly grade?: string;
  readonly contact: string;
  readonly email?: string;
  readonly phone?: string;
  readonly mobile?: string;
  readonly address: readonly string[];
  readonly invoices: readonly DemonstrationInvoice[];
}

export interface DemonstrationInvoice {
  readonly number: string;
  readonly euros: number;
  readonly currency?: string;
  /** Days from today to the due date; negative is overdue. */
  readonly dueIn: number;
  readonly orderNumber?: string;
  readonly paidBy?: PaidBy;
  readonly factored?: boolean;
  /** What has happened to it, days counted from the due date. */
  readonly past?: readonly PastEvent[];
}

export type PastEvent =
  | { readonly day: number; readonly paid: number }
  | { readonly day: number; readonly promised: number; readonly on: number }
  | { readonly day: number; readonly disputed: number; readonly reason: string }
  | { readonly day: number; readonly bounced: true };

export const customers: readonly Customer[] = [
  {
    name: 'Boulangerie Marchand',
    kind: 'company',
    country: 'FR',
    siren: '000101378',
    language: 'fr',
    contact: 'Claire Marchand',
    email: 'compta@boulangerie-marchand.example',
    phone: '+33 4 78 00 11 01',
    mobile: '+33 6 12 00 11 01',
    address: ['14 rue des Halles', '69002 Lyon'],
    invoices: [
      { number: 'D-2101', euros: 1_280, dueIn: 6, orderNumber: 'BC-311' },
      { number: 'D-2064', euros: 742.5, dueIn: -5 },
    ],
  },
  {
    name: 'Transports Lemoine',
    kind: 'company',
    country: 'FR',
    siren: '000101741',
    language: 'fr',
    grade: 'D',
    contact: 'Service fournisseurs',
    email: 'fournisseurs@transports-lemoine.example',
    phone: '+33 2 40 00 22 02',
    mobile: '+33 6 12 00 22 02',
    address: ['Zone industrielle Nord', '44300 Nantes'],
    invoices: [
      { number: 'D-1987', euros: 8_450, dueIn: -34, orderNumber: 'CMD-9921' },
      { number: 'D-2003', euros: 3_120.4, dueIn: -27, orderNumber: 'CMD-9987' },
      { number: 'D-2058', euros: 2_610, dueIn: -8 },
    ],
  },
  {
    name: 'Atelier Rousseau',
    kind: 'company',
    country: 'FR',
    siren: '000102111',
    language: 'fr',
    contact: 'Paul Rousseau',
    email: 'paul@atelier-rousseau.example',
    phone: '+33 5 56 00 33 03',
    address: ['3 quai des Chartrons', '33000 Bordeaux'],
    invoices: [
      { number: 'D-1950', euros: 5_600, dueIn: -41, past: [{ day: 9, promised: 5_600, on: 20 }] },
      { number: 'D-2044', euros: 960, dueIn: -13, past: [{ day: 6, promised: 960, on: 19 }] },
    ],
  },
  {
    name: 'Clinique du Parc',
    kind: 'company',
    country: 'FR',
    siren: '000102483',
    language: 'fr',
    grade: 'A',
    contact: 'Direction financière',
    email: 'factures@clinique-parc.example',
    phone: '+33 1 45 00 44 04',
    address: ['88 avenue du Parc', '75014 Paris'],
    invoices: [
      { number: 'D-2077', euros: 12_400, dueIn: -4, orderNumber: 'PO-77120' },
      {
        number: 'D-2015',
        euros: 4_080,
        dueIn: -22,
        orderNumber: 'PO-76540',
        past: [{ day: 8, disputed: 1_020, reason: 'delivery' }],
      },
    ],
  },
  {
    name: 'Mairie de Saint-Aubin',
    kind: 'public',
    country: 'FR',
    siren: '000102855',
    language: 'fr',
    contact: 'Service comptable',
    email: 'comptabilite@saint-aubin.example',
    phone: '+33 2 99 00 55 05',
    address: ['1 place de la Mairie', '35140 Saint-Aubin'],
    invoices: [
      { number: 'D-2031', euros: 6_300, dueIn: -18, orderNumber: 'ENG-2026-118' },
      { number: 'D-2098', euros: 2_150, dueIn: 4, orderNumber: 'ENG-2026-131' },
    ],
  },
  {
    name: 'Northwind Fabrics Ltd',
    kind: 'company',
    country: 'GB',
    language: 'en',
    contact: 'Accounts Payable',
    email: 'ap@northwind-fabrics.example',
    phone: '+44 161 000 6606',
    address: ['22 Mill Lane', 'Manchester M1 2AB', 'United Kingdom'],
    invoices: [
      { number: 'D-2009', euros: 7_890, dueIn: -25, orderNumber: 'NF-4410' },
      { number: 'D-2010', euros: 3_300, currency: 'GBP', dueIn: -25, orderNumber: 'NF-4411' },
    ],
  },
  {
    name: 'Brasserie des Quais',
    kind: 'company',
    country: 'FR',
    siren: '000103226',
    language: 'fr',
    contact: 'Julie Bernard',
    email: 'gestion@brasserie-quais.example',
    phone: '+33 3 20 00 77 07',
    address: ['7 quai du Wault', '59000 Lille'],
    invoices: [{ number: 'D-1931', euros: 2_980, dueIn: -52 }],
  },
  {
    name: 'Menuiserie Faure',
    kind: 'company',
    country: 'FR',
    siren: '000103598',
    language: 'fr',
    contact: 'Accueil',
    email: 'contact@menuiserie-faure.example',
    phone: '+33 4 76 00 88 08',
    address: ['Route de Grenoble', '38500 Voiron'],
    invoices: [{ number: 'D-2052', euros: 1_745, dueIn: -10, past: [{ day: 5, bounced: true }] }],
  },
  {
    name: 'Pharmacie Centrale',
    kind: 'company',
    country: 'FR',
    siren: '000103960',
    language: 'fr',
    contact: 'Comptabilité',
    email: 'compta@pharmacie-centrale.example',
    phone: '+33 4 91 00 99 09',
    address: ['12 La Canebière', '13001 Marseille'],
    invoices: [
      { number: 'D-2088', euros: 880, dueIn: -2, paidBy: 'direct_debit' },
      { number: 'D-2020', euros: 1_910, dueIn: -21, past: [{ day: 12, paid: 910 }] },
    ],
  },
  {
    name: 'Hôtel Bellevue',
    kind: 'company',
    country: 'FR',
    siren: '000104331',
    language: 'fr',
    contact: 'Marc Petit',
    email: 'direction@hotel-bellevue.example',
    phone: '+33 4 50 00 10 10',
    address: ['5 promenade du Lac', '74000 Annecy'],
    invoices: [
      { number: 'D-1990', euros: 3_640, dueIn: -33, past: [{ day: 24, paid: 3_640 }] },
      { number: 'D-2095', euros: 1_200, dueIn: 2, factored: true },
    ],
  },
];

/** One invoice for each scenario, due soon, for a demonstration in which days take seconds. */
export const onePerScenario: readonly Customer[] = [
  scenarioCustomer('Durand et fils', 'company', 'FR', 'fr', 'S-1001', undefined, '000104703'),
  scenarioCustomer('Imprimerie Valette', 'company', 'FR', 'fr', 'S-1002', 'A', '000105072'),
  scenarioCustomer('Garage Perrin', 'company', 'FR', 'fr', 'S-1003', 'D', '000105445'),
  scenarioCustomer('Commune de Belval', 'public', 'FR', 'fr', 'S-1004', undefined, '000105817'),
  scenarioCustomer('Harbour Supplies Ltd', 'company', 'GB', 'en', 'S-1005', undefined, undefined),
];

function scenarioCustomer(
  name: string,
  kind: DebtorKind,
  country: string,
  language: 'fr' | 'en',
  number: string,
  grade: string | undefined,
  siren: string | undefined,
): Customer {
  const place =
    country === 'FR'
      ? ['18 rue de la Gare', '21000 Dijon']
      : ['4 Dock Street', 'Hull HU1 1AA', 'United Kingdom'];
  return {
    name,
    kind,
    country,
    language,
    contact: language === 'fr' ? 'Service comptable' : 'Accounts Payable',
    email: `compta@${number.toLowerCase()}.example`,
    phone: '+33 3 80 00 12 12',
    mobile: '+33 6 80 00 12 12',
    address: place,
    ...(grade ? { grade } : {}),
    ...(siren ? { siren } : {}),
    invoices: [{ number, euros: 2_400, dueIn: 8, orderNumber: `BC-${number}` }],
  };
}
