/**
 * A browser and its machine, as their owner would call them, from what the browser says of itself.
 *
 * Every browser says that it is several others too, so the first that fits in this order is it. For people to know their
 * own again, and for nothing else: anybody can say anything. Null when nothing fits.
 */
export function browserNamed(userAgent: string): string | null {
  const browser = nameIn(userAgent, browsers);
  const system = nameIn(userAgent, systems);
  if (browser === undefined && system === undefined) return null;
  return [browser, system].filter((name) => name !== undefined).join(' · ');
}

type Names = readonly (readonly [sign: RegExp, name: string])[];

const browsers: Names = [
  [/\bEdgA?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(Firefox|FxiOS)\//, 'Firefox'],
  [/\b(Chrome|CriOS)\//, 'Chrome'],
  [/\bVersion\/[\d.]+ .*Safari\//, 'Safari'],
];

const systems: Names = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
];

function nameIn(userAgent: string, names: Names): string | undefined {
  return names.find(([sign]) => sign.test(userAgent))?.[1];
}
