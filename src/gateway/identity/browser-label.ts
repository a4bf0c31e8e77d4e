/** What a session's browser calls itself, as far as its owner needs it to tell sessions apart. */
export interface BrowserLabel {
  readonly browser: (typeof browsers)[number];
  readonly system: (typeof systems)[number];
}

export const browsers = ['edge', 'firefox', 'chrome', 'safari', 'other'] as const;
export const systems = [
  'windows',
  'chromeos',
  'ipados',
  'ios',
  'android',
  'macos',
  'linux',
  'other',
] as const;

/** In this order: many call themselves by the names of others too. */
const browserSigns: readonly (readonly [RegExp, BrowserLabel['browser']])[] = [
  [/\bEdg(?:e|A|iOS)?\//, 'edge'],
  [/\b(?:Firefox|FxiOS)\//, 'firefox'],
  [/\b(?:Chrome|CriOS|HeadlessChrome)\//, 'chrome'],
  [/\bSafari\//, 'safari'],
];
const systemSigns: readonly (readonly [RegExp, BrowserLabel['system']])[] = [
  [/\bWindows NT\b/, 'windows'],
  [/\bCrOS\b/, 'chromeos'],
  [/\biPad\b/, 'ipados'],
  [/\biPhone\b/, 'ios'],
  [/\bAndroid\b/, 'android'],
  [/\bMac OS X\b/, 'macos'],
  [/\bLinux\b/, 'linux'],
];

export function readBrowserLabel(userAgent: string | null): BrowserLabel {
  const text = (userAgent ?? '').slice(0, 400);
  return {
    browser: browserSigns.find(([sign]) => sign.test(text))?.[1] ?? 'other',
    system: systemSigns.find(([sign]) => sign.test(text))?.[1] ?? 'other',
  };
}
