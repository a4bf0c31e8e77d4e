import { readCookies } from '../identity/read-cookie.ts';

const NAME = 'amenimo-device';
/** Browsers keep a cookie no longer than 400 days; each renewal of the registration begins anew. */
const LONGEST_S = 400 * 86_400;
const SECRET_PATTERN = /^[A-Za-z0-9_-]{43}$/;

/** The secret by which a browser proves to be a registered school device; null where it shows none. */
export function readDeviceCookie(header: string | null): string | null {
  return readCookies(header, NAME).find((value) => SECRET_PATTERN.test(value)) ?? null;
}

export function writeDeviceCookie(secret: string, secure: boolean): string {
  return `${NAME}=${secret}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${LONGEST_S}${secure ? '; Secure' : ''}`;
}
