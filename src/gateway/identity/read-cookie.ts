/** The values of a cookie in a request's `Cookie` header, in order; a browser may send one name for several paths. */
export function readCookies(header: string | null, wanted: string): string[] {
  return (header ?? '').split(';').flatMap((part) => {
    const [name, value] = part.trim().split('=');
    return name === wanted && value ? [value] : [];
  });
}

/** The first of them; null where there is none. */
export function readCookie(header: string | null, wanted: string): string | null {
  return readCookies(header, wanted)[0] ?? null;
}
