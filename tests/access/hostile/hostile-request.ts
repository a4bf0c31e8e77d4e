import type { SeededRandom } from '../../../src/gateway/practice/seeded-random.ts';

/** A body as text, or a piece that is sent again and again: a large one stays small on paper. */
export type HostileBody = string | { readonly piece: string; readonly times: number };

/** One request of the hostile client, as plain data: it can be printed, made smaller and sent again. */
export interface HostileRequest {
  /** Which kind of attack it is. */
  readonly attack: string;
  /** Whose cookie it carries unless its headers say otherwise. */
  readonly persona: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: HostileBody | null;
}

export type Attack = (random: SeededRandom) => Omit<HostileRequest, 'attack' | 'persona'> & {
  readonly persona?: string;
};

export const ORIGIN = 'http://school.test';
/** What every page of the app sends along. */
export const OWN_PAGE = { origin: ORIGIN, host: 'school.test' } as const;
export const OWN_JSON = { ...OWN_PAGE, 'content-type': 'application/json' } as const;

export function bodyText(body: HostileBody | null): string | null {
  return body === null || typeof body === 'string' ? body : body.piece.repeat(body.times);
}

/** The web's Request; null where the platform refuses to hold it at all. */
export function toRequest(request: HostileRequest, cookie: string | null): Request | null {
  const { method, path, headers } = request;
  const all = { ...(cookie === null ? {} : { cookie }), ...headers };
  const body = method === 'GET' || method === 'HEAD' ? null : bodyText(request.body);
  try {
    return new Request(`${ORIGIN}${path}`, { method, headers: all, body });
  } catch {
    return null;
  }
}
