const systems: readonly (readonly [RegExp, string])[] = [
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bAndroid\b/, 'Android'],
  [/\b(?:iPad|iPhone|iPod)\b/, 'iOS'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bLinux\b/, 'Linux'],
];
const browsers: readonly (readonly [RegExp, string])[] = [
  [/\bEdg(?:A|iOS)?\//, 'Edge'],
  [/\bFirefox\/|\bFxiOS\//, 'Firefox'],
  [/\b(?:Headless)?Chrome\/|\bCriOS\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
];

/** Browser and system of a request, from a closed set of words: enough to recognise a tablet, nothing to inject. */
export function platformName(userAgent: string | null): string {
  const find = (table: typeof systems): string | undefined =>
    table.find(([pattern]) => pattern.test((userAgent ?? '').slice(0, 500)))?.[1];
  return [find(systems), find(browsers)].filter((word) => word !== undefined).join(' / ');
}
