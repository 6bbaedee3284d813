/**
 * Every value of the law that we compute with, by the name under which its rows are kept.
 *
 * A value is an integer in its unit: hundredths of a percent, cents, days, months, years, or times. Those that are fixed
 * anew for each semester have one row per semester and nothing between them: no rate is ever carried over.
 */
export const lawCodes = {
  ecb_refinancing_rate: { unit: 'hundredths', perSemester: true, name: 'ECB refinancing rate' },
  legal_rate_business: {
    unit: 'hundredths',
    perSemester: true,
    name: 'legal interest rate of creditors acting for their business',
  },
  legal_rate_individual: {
    unit: 'hundredths',
    perSemester: true,
    name: 'legal interest rate of creditors who are private persons',
  },
  default_margin: { unit: 'hundredths', perSemester: false, name: 'margin over the ECB rate' },
  public_margin: {
    unit: 'hundredths',
    perSemester: false,
    name: 'margin over the ECB rate for public buyers',
  },
  eu_margin: { unit: 'hundredths', perSemester: false, name: 'margin over the ECB rate under EU rules' },
  judgment_margin: {
    unit: 'hundredths',
    perSemester: false,
    name: 'raise of the legal rate after a judgment',
  },
  judgment_raise_months: {
    unit: 'months',
    perSemester: false,
    name: 'months until the rate of a judgment rises',
  },
  floor_multiple: { unit: 'times', perSemester: false, name: 'multiple of the legal rate as floor' },
  lump_sum: { unit: 'cents', perSemester: false, name: 'fixed indemnity per invoice paid late' },
  lump_sum_public: { unit: 'cents', perSemester: false, name: 'fixed indemnity owed by public buyers' },
  lump_sum_eu: { unit: 'cents', perSemester: false, name: 'fixed indemnity under EU rules' },
  public_term_days: { unit: 'days', perSemester: false, name: 'days to pay of public buyers' },
  public_term_days_hospital: {
    unit: 'days',
    perSemester: false,
    name: 'days to pay of public health establishments',
  },
  public_term_days_undertaking: {
    unit: 'days',
    perSemester: false,
    name: 'days to pay of public undertakings',
  },
  public_accessories_days: {
    unit: 'days',
    perSemester: false,
    name: 'days in which a public buyer pays interest and indemnity after the principal',
  },
  small_claims_limit: { unit: 'cents', perSemester: false, name: 'limit of the small-claims procedure' },
  small_claims_answer_months: {
    unit: 'months',
    perSemester: false,
    name: 'months to answer in the small-claims procedure',
  },
  merchant_answer_months: {
    unit: 'months',
    perSemester: false,
    name: "months to pay or contest in the merchants' procedure",
  },
  merchant_record_days: {
    unit: 'days',
    perSemester: false,
    name: "days before the record of non-contestation in the merchants' procedure",
  },
  merchant_service_months: {
    unit: 'months',
    perSemester: false,
    name: 'months to serve the record of non-contestation',
  },
  order_service_months: { unit: 'months', perSemester: false, name: 'months to serve an order to pay' },
  order_opposition_months: { unit: 'months', perSemester: false, name: 'months to oppose an order to pay' },
  order_registry_months: {
    unit: 'months',
    perSemester: false,
    name: 'months after service in which the registry tells of an opposition',
  },
  opposition_costs_days: {
    unit: 'days',
    perSemester: false,
    name: "days to act after the registry's letter on an opposition",
  },
  lawyer_limit: { unit: 'cents', perSemester: false, name: 'claim above which a lawyer is needed' },
  european_small_claims_limit: {
    unit: 'cents',
    perSemester: false,
    name: 'limit of the European small-claims procedure',
  },
  limitation_years: { unit: 'years', perSemester: false, name: 'limitation of claims' },
  limitation_years_consumer: {
    unit: 'years',
    perSemester: false,
    name: 'limitation of claims against consumers',
  },
  limitation_years_transport: { unit: 'years', perSemester: false, name: 'limitation of claims of carriers' },
  limitation_years_telecom: { unit: 'years', perSemester: false, name: 'limitation of claims of telecoms' },
  limitation_years_public: {
    unit: 'years',
    perSemester: false,
    name: 'years after which debts of public bodies lapse',
  },
  limitation_years_title: { unit: 'years', perSemester: false, name: 'limitation of an enforceable title' },
  declaration_months: {
    unit: 'months',
    perSemester: false,
    name: 'months to declare a claim in an insolvency',
  },
  declaration_abroad_months: {
    unit: 'months',
    perSemester: false,
    name: 'further months to declare a claim for creditors outside metropolitan France',
  },
  declaration_relief_months: {
    unit: 'months',
    perSemester: false,
    name: 'months to ask for relief when no claim was declared',
  },
  retention_of_title_months: {
    unit: 'months',
    perSemester: false,
    name: 'months to claim goods back in an insolvency',
  },
  registered_mail_acceptance_days: {
    unit: 'days',
    perSemester: false,
    name: 'days to accept an electronic registered letter',
  },
  remittance_months: {
    unit: 'months',
    perSemester: false,
    name: 'months in which a firm remits what it received',
  },
} as const;

export type LawCode = keyof typeof lawCodes;
