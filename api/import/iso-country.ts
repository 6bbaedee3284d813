/**
 * Country values as files write them (`FR`, `FRA`, `250`, `France`, `Allemagne`, `Germany`) read as ISO 3166-1 alpha-2 codes.
 *
 * A country decides language, holidays and which law applies, so a value that is not surely a country is no country:
 * the caller keeps the row and flags it. Numbers are only ISO numeric codes when they have three digits; one or two
 * digits are as likely a dialling code (32 is Belgium by telephone, Argentina by ISO).
 */
export function countryCodeOf(value: string): string | undefined {
  const plain = value.trim();
  if (/^\d+$/.test(plain)) return byNumber.get(plain);
  return byName.get(foldedName(plain));
}

/** Whether a value is a number that ISO 3166-1 does not know: one of these makes a whole column of numbers untrustworthy. */
export function isForeignNumber(value: string): boolean {
  return /^\d+$/.test(value.trim()) && !byNumber.has(value.trim());
}

/** Lower case, no accents, no punctuation: `Côte d’Ivoire` and `COTE D'IVOIRE` are one name. */
function foldedName(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z]+/g, '');
}

/** Alpha-2, alpha-3 and numeric code of ISO 3166-1, written together. */
const codes = `
  ADAND020 AEARE784 AFAFG004 AGATG028 AIAIA660 ALALB008 AMARM051 AOAGO024 AQATA010 ARARG032 ASASM016
  ATAUT040 AUAUS036 AWABW533 AXALA248 AZAZE031 BABIH070 BBBRB052 BDBGD050 BEBEL056 BFBFA854 BGBGR100
  BHBHR048 BIBDI108 BJBEN204 BLBLM652 BMBMU060 BNBRN096 BOBOL068 BQBES535 BRBRA076 BSBHS044 BTBTN064
  BVBVT074 BWBWA072 BYBLR112 BZBLZ084 CACAN124 CCCCK166 CDCOD180 CFCAF140 CGCOG178 CHCHE756 CICIV384
  CKCOK184 CLCHL152 CMCMR120 CNCHN156 COCOL170 CRCRI188 CUCUB192 CVCPV132 CWCUW531 CXCXR162 CYCYP196
  CZCZE203 DEDEU276 DJDJI262 DKDNK208 DMDMA212 DODOM214 DZDZA012 ECECU218 EEEST233 EGEGY818 EHESH732
  ERERI232 ESESP724 ETETH231 FIFIN246 FJFJI242 FKFLK238 FMFSM583 FOFRO234 FRFRA250 GAGAB266 GBGBR826
  GDGRD308 GEGEO268 GFGUF254 GGGGY831 GHGHA288 GIGIB292 GLGRL304 GMGMB270 GNGIN324 GPGLP312 GQGNQ226
  GRGRC300 GSSGS239 GTGTM320 GUGUM316 GWGNB624 GYGUY328 HKHKG344 HMHMD334 HNHND340 HRHRV191 HTHTI332
  HUHUN348 IDIDN360 IEIRL372 ILISR376 IMIMN833 ININD356 IOIOT086 IQIRQ368 IRIRN364 ISISL352 ITITA380
  JEJEY832 JMJAM388 JOJOR400 JPJPN392 KEKEN404 KGKGZ417 KHKHM116 KIKIR296 KMCOM174 KNKNA659 KPPRK408
  KRKOR410 KWKWT414 KYCYM136 KZKAZ398 LALAO418 LBLBN422 LCLCA662 LILIE438 LKLKA144 LRLBR430 LSLSO426
  LTLTU440 LULUX442 LVLVA428 LYLBY434 MAMAR504 MCMCO492 MDMDA498 MEMNE499 MFMAF663 MGMDG450 MHMHL584
  MKMKD807 MLMLI466 MMMMR104 MNMNG496 MOMAC446 MPMNP580 MQMTQ474 MRMRT478 MSMSR500 MTMLT470 MUMUS480
  MVMDV462 MWMWI454 MXMEX484 MYMYS458 MZMOZ508 NANAM516 NCNCL540 NENER562 NFNFK574 NGNGA566 NINIC558
  NLNLD528 NONOR578 NPNPL524 NRNRU520 NUNIU570 NZNZL554 OMOMN512 PAPAN591 PEPER604 PFPYF258 PGPNG598
  PHPHL608 PKPAK586 PLPOL616 PMSPM666 PNPCN612 PRPRI630 PSPSE275 PTPRT620 PWPLW585 PYPRY600 QAQAT634
  REREU638 ROROU642 RSSRB688 RURUS643 RWRWA646 SASAU682 SBSLB090 SCSYC690 SDSDN729 SESWE752 SGSGP702
  SHSHN654 SISVN705 SJSJM744 SKSVK703 SLSLE694 SMSMR674 SNSEN686 SOSOM706 SRSUR740 SSSSD728 STSTP678
  SVSLV222 SXSXM534 SYSYR760 SZSWZ748 TCTCA796 TDTCD148 TFATF260 TGTGO768 THTHA764 TJTJK762 TKTKL772
  TLTLS626 TMTKM795 TNTUN788 TOTON776 TRTUR792 TTTTO780 TVTUV798 TWTWN158 TZTZA834 UAUKR804 UGUGA800
  UMUMI581 USUSA840 UYURY858 UZUZB860 VAVAT336 VCVCT670 VEVEN862 VGVGB092 VIVIR850 VNVNM704 VUVUT548
  WFWLF876 WSWSM882 YEYEM887 YTMYT175 ZAZAF710 ZMZMB894 ZWZWE716
`
  .trim()
  .split(/\s+/)
  .map((entry) => [entry.slice(0, 2), entry.slice(2, 5), entry.slice(5)] as const);

/** Names in use that the Unicode tables do not give, folded as `foldedName` does. */
const usualNames = `
  uk:GB angleterre:GB england:GB ecosse:GB scotland:GB grandebretagne:GB greatbritain:GB usa:US etatsunisdamerique:US
  unitedstatesofamerica:US hollande:NL holland:NL thenetherlands:NL republiquetcheque:CZ czechrepublic:CZ turkey:TR
  coreedusud:KR southkorea:KR macedoine:MK cotedivoire:CI ivorycoast:CI russianfederation:RU emiratsarabesunis:AE uae:AE
  vietnam:VN hongkong:HK lareunion:RE deutschland:DE espana:ES italia:IT belgie:BE schweiz:CH osterreich:AT nederland:NL
`
  .trim()
  .split(/\s+/)
  .map((entry) => entry.split(':') as [string, string]);

const byNumber = new Map(codes.map(([alpha2, , numeric]) => [numeric, alpha2]));
const byName = namesOfCountries();

function namesOfCountries(): Map<string, string> {
  const names = new Map<string, string>();
  for (const language of ['fr', 'en']) {
    const display = new Intl.DisplayNames([language], { type: 'region', fallback: 'none' });
    for (const [alpha2] of codes) {
      const name = display.of(alpha2);
      if (name !== undefined) names.set(foldedName(name), alpha2);
    }
  }
  for (const [name, alpha2] of usualNames) names.set(name, alpha2);
  for (const [alpha2, alpha3] of codes) {
    names.set(alpha2.toLowerCase(), alpha2);
    names.set(alpha3.toLowerCase(), alpha2);
  }
  return names;
}
