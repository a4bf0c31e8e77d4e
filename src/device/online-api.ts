/** What an online question to the gateway came to. `code` is the gateway's, or one of the four below. */
export type ApiResult<T> =
  | { readonly ok: true; readonly value: T }
  | {
      readonly ok: false;
      readonly code: 'offline' | 'signedOut' | 'serverTrouble' | (string & {});
      /** The answer's other fields. */
      readonly details: Readonly<Record<string, unknown>>;
    };

const TIMEOUT_MS = 20_000;

/**
 * Asks the gateway for what is never kept on a device. `parse` gives null for what is not the gateway's answer: a
 * captive portal answers with status 200 too.
 */
export async function askGateway<T>(
  method: 'GET' | 'POST' | 'DELETE',
  path: `/api/${string}`,
  body: unknown,
  parse: (answer: unknown) => T | null,
  fetcher: typeof fetch = fetch,
): Promise<ApiResult<T>> {
  let response: Response;
  try {
    response = await fetcher(path, {
      method,
      cache: 'no-store',
      credentials: 'same-origin',
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch {
    return failed('offline');
  }
  const answer: unknown = await response.json().catch(() => null);
  if (typeof answer !== 'object' || answer === null)
    return failed(response.status >= 500 ? 'serverTrouble' : 'offline');
  if (!response.ok) {
    const { code, ...details } = answer as Record<string, unknown>;
    return failed(typeof code === 'string' ? code : 'serverTrouble', details);
  }
  const value = parse(answer);
  return value === null ? failed('serverTrouble') : { ok: true, value };
}

function failed(code: string, details: Readonly<Record<string, unknown>> = {}): ApiResult<never> {
  return { ok: false, code, details };
}
