/** What an answer is, as far as its headers go: the gateway's own, a program, or a page and what belongs to it. */
export type AnswerKind = 'api' | 'program' | 'page';

/**
 * The policy of the answer itself. A page's own is a <meta> with the hashes of its scripts, made by the build; the
 * header adds what a <meta> cannot say. A worker has no page to take a policy from: its program brings its own.
 */
const contentSecurityPolicy: Readonly<Record<AnswerKind, string>> = {
  api: "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox",
  program:
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; worker-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  page: "frame-ancestors 'none'",
};

/** Everything a browser could be asked for, denied; passkeys are for this origin alone. */
const DENIED_FEATURES = [
  'accelerometer',
  'autoplay',
  'browsing-topics',
  'camera',
  'display-capture',
  'encrypted-media',
  'gamepad',
  'geolocation',
  'gyroscope',
  'hid',
  'identity-credentials-get',
  'idle-detection',
  'keyboard-map',
  'local-fonts',
  'magnetometer',
  'microphone',
  'midi',
  'otp-credentials',
  'payment',
  'picture-in-picture',
  'private-state-token-issuance',
  'private-state-token-redemption',
  'screen-wake-lock',
  'serial',
  'storage-access',
  'sync-xhr',
  'usb',
  'window-management',
  'xr-spatial-tracking',
];
const OWN_FEATURES = ['publickey-credentials-create', 'publickey-credentials-get'];
const permissionsPolicy = [
  ...DENIED_FEATURES.map((feature) => `${feature}=()`),
  ...OWN_FEATURES.map((feature) => `${feature}=(self)`),
].join(', ');

const YEAR_SECONDS = 31_536_000;

/** Said with every answer, whoever gives it: Kit's `handle` does not see static files. */
export function securityHeaders(secure: boolean, kind: AnswerKind): Readonly<Record<string, string>> {
  return {
    'Content-Security-Policy': contentSecurityPolicy[kind],
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'no-referrer',
    'Permissions-Policy': permissionsPolicy,
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Cross-Origin-Embedder-Policy': 'require-corp',
    'Origin-Agent-Cluster': '?1',
    ...(secure ? { 'Strict-Transport-Security': `max-age=${YEAR_SECONDS}` } : {}),
  };
}

/** `path` is raw, without its query. */
export function answerKindOf(path: string, ofGateway: boolean): AnswerKind {
  if (ofGateway) return 'api';
  return /\.m?js$/.test(path) ? 'program' : 'page';
}
