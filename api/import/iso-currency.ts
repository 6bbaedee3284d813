/**
 * Currencies as files write them: ISO 4217 codes, and the few signs that mean exactly one currency.
 *
 * `$`, `¥` and `kr` belong to several countries, so they never decide a currency; they only have to agree with a code
 * that stands elsewhere. Gold, silver, test codes and retired currencies are no currency of an invoice.
 */
export function currencyOf(value: string): string | undefined {
  const plain = value.trim().toUpperCase();
  return codes.has(plain) ? plain : named.get(plain);
}

/** The signs that several currencies share: seen without a code, the currency has to be asked for. */
export const sharedSigns: ReadonlySet<string> = new Set(['$', '¥', 'KR']);

const named = new Map([
  ['€', 'EUR'],
  ['EURO', 'EUR'],
  ['EUROS', 'EUR'],
  ['£', 'GBP'],
  ['US$', 'USD'],
  ['FS', 'CHF'],
]);

const codes = new Set(
  `
  AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD
  CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF
  GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK
  LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD
  OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN
  SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XCG
  XOF XPF YER ZAR ZMW ZWG
`
    .trim()
    .split(/\s+/),
);
