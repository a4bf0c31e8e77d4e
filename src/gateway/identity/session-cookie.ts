import { readCookie } from './read-cookie.ts';
import { SESSION_LONGEST_MS } from './sessions.ts';

const NAME = 'amenimo';

/** The session's token of a request; null where there is none. */
export function readSessionCookie(header: string | null): string | null {
  return readCookie(header, NAME);
}

export function writeSessionCookie(token: string, secure: boolean): string {
  return `${NAME}=${token}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${SESSION_LONGEST_MS / 1000}${secure ? '; Secure' : ''}`;
}

export function clearSessionCookie(secure: boolean): string {
  return `${NAME}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0${secure ? '; Secure' : ''}`;
}
