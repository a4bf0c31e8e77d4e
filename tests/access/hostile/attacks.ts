import { PERSON_HEADER } from '../../../src/sync/protocol.ts';
import type { SeededRandom } from '../../../src/gateway/practice/seeded-random.ts';
import {
  attendance,
  OTHER_SCHOOL,
  PASSWORD,
  pupilId,
  SCHOOL,
  stream,
} from '../../../src/gateway/testing/small-town.ts';
import { streamKey } from '../../../src/ledger/stream.ts';
import { expectations, type Asked } from '../route-expectations.ts';
import { hostileRow, someStream } from './hostile-pushes.ts';
import { OWN_JSON, OWN_PAGE, type Attack, type HostileRequest } from './hostile-request.ts';
import type { HostileTown } from './hostile-town.ts';
import { breakJson, mutateText, mutateValue, ODD_TEXTS, oddText, oddValue, wellFormed } from './mutations.ts';
import type { SourceDictionary } from './source-dictionary.ts';

export interface AttackGround {
  readonly town: HostileTown;
  /** `METHOD /path`, as the router knows them. */
  readonly routes: readonly string[];
  readonly dictionary: SourceDictionary;
}

/** How often an honest row is among them, so that rows are taken in while the others are refused. */
const HONEST_SHARE = 0.004;
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND', 'get', 'X'];
const PATHS = [
  '/api',
  '/api/',
  '/couch',
  '/couch/_all_dbs',
  '/couch/register-s2-2026/_all_docs?include_docs=true',
  '/couch/_node/_local/_config',
  '/couch/_session',
  '/healthz/',
  '/healthz/../api/session',
  '/api/session/../exchange',
  '/api//session',
  '/api/session/',
  '/api/session;x',
  '/api/session%00',
  '/api/%73ession',
  '/api/..%2fcouch',
  '/api/events?stream=register-s2-2026%2Fregister',
  '/api/__proto__',
  '/api/constructor',
];

/** All attacks with their weights. */
export function attacksOn(
  ground: AttackGround,
): readonly (readonly [name: string, weight: number, Attack])[] {
  const { town, routes, dictionary } = ground;
  const text = (random: SeededRandom): string => {
    const dice = random.next();
    if (dice < 0.3) return random.pick(dictionary.words);
    if (dice < 0.4) return random.pick(town.stolen.foreign)._id;
    return dice < 0.5 ? pupilId('S2', 1, 2) : oddText(random);
  };
  const value = (random: SeededRandom, depth = 0): unknown => {
    const dice = random.next();
    if (dice < 0.6 || depth > 2) return random.chance(0.7) ? text(random) : oddValue(random);
    if (dice < 0.75) return Array.from({ length: random.between(0, 4) }, () => value(random, depth + 1));
    return object(random, depth + 1);
  };
  const object = (random: SeededRandom, depth = 0): Record<string, unknown> =>
    Object.fromEntries(
      Array.from({ length: random.between(0, 6) }, () => [
        random.pick(dictionary.fields),
        value(random, depth),
      ]),
    );
  const exchangeBody = (random: SeededRandom): Record<string, unknown> => {
    const count = random.pick([0, 1, 1, 2, 5]);
    const rows = Array.from({ length: count }, () => ({
      stream: someStream(random),
      entry: random.chance(HONEST_SHARE)
        ? attendance({ by: 'homeroom1', marks: { [pupilId(SCHOOL, 1, random.between(1, 3))]: 'late' } })
        : hostileRow(random, town),
    }));
    const state = () => ({ count: random.between(0, 30), digest: random.salt() });
    const named = Array.from({ length: random.between(0, 3) }, () => someStream(random));
    const hashes = () => [`attendance:${random.salt()}${random.chance(0.3) ? '!' : ''}`];
    const compared = named.map((key) => [key, { '2026-06': hashes(), '2026-05': hashes() }]);
    return {
      protocol: 1,
      app: 'test',
      device: random.chance(0.9) ? 'd' : text(random),
      streams: Object.fromEntries(named.map((key) => [key, state()])),
      ...(random.chance(0.3) ? { compare: Object.fromEntries(compared) } : {}),
      push: random.chance(0.2) ? rows.concat(rows).reverse() : rows,
    };
  };
  const routeOf = (random: SeededRandom): { method: string; path: string } => {
    const [method = 'GET', path = '/'] = random.pick(routes).split(' ');
    return { method, path };
  };
  const queryOf = (random: SeededRandom): string =>
    random.chance(0.4)
      ? ''
      : `?${random.pick([...dictionary.fields, 'date', 'limit'])}=${encodeText(text(random))}&${oddText(
          random,
        )
          .slice(0, 40)
          .replace(/[^\w=&%.-]/g, '')}`;

  const soundRequest = (random: SeededRandom): ReturnType<Attack> => {
    const name = random.pick(routes);
    const [method = 'GET', path = '/'] = name.split(' ');
    const expected = expectations[name];
    const asked: Asked = {
      school: random.chance(0.8) ? OTHER_SCHOOL : SCHOOL,
      client: town.gateway.client(),
      // Few enough that what the right people are given by it stays small.
      serial: random.between(1, 30),
      permitId: random.pick(['permit-1', oddText(random)]),
    };
    const ask = expected && 'ask' in expected ? expected.ask : undefined;
    const query = expected && 'query' in expected ? expected.query : undefined;
    const body = ask?.(asked) ?? object(random);
    const search = new URLSearchParams(query?.(asked)).toString();
    return {
      method,
      path: search === '' ? path : `${path}?${random.chance(0.8) ? search : mutateQuery(random, search)}`,
      headers: OWN_JSON,
      body: safeJson(random.chance(0.6) ? body : mutateValue(random, body)),
    };
  };

  return [
    ['a sound request about somebody else’s', 20, soundRequest],
    [
      'every route with a body of its own words',
      26,
      (random) => {
        const { method, path } = routeOf(random);
        return {
          method,
          path: path + queryOf(random),
          headers: OWN_JSON,
          body: JSON.stringify(object(random)),
        };
      },
    ],
    [
      'an exchange with rows that are not the person’s',
      38,
      (random) => ({
        method: 'POST',
        path: '/api/exchange',
        headers: OWN_JSON,
        body: JSON.stringify(exchangeBody(random)),
      }),
    ],
    [
      'an exchange that is out of shape',
      10,
      (random) => ({
        method: 'POST',
        path: '/api/exchange',
        headers: OWN_JSON,
        body: safeJson(mutateValue(random, exchangeBody(random))),
      }),
    ],
    [
      'a body that is broken',
      8,
      (random) => {
        const { method, path } = routeOf(random);
        const body = random.chance(0.5) ? exchangeBody(random) : object(random);
        return { method, path, headers: OWN_JSON, body: breakJson(random, JSON.stringify(body)) };
      },
    ],
    [
      'a cookie that is not one',
      6,
      (random) => {
        const { method, path } = routeOf(random);
        return { method, path, headers: { ...OWN_JSON, cookie: oddCookie(random, town) }, body: '{}' };
      },
    ],
    [
      'headers of somebody else',
      6,
      (random) => {
        const { method, path } = routeOf(random);
        const body = JSON.stringify(random.chance(0.5) ? exchangeBody(random) : object(random));
        return { method, path, headers: oddHeaders(random), body };
      },
    ],
    [
      'a path or method that is not there',
      4,
      (random) => {
        const path = random.chance(0.5) ? random.pick(PATHS) : mutatePath(random, routeOf(random).path);
        return { method: random.pick(METHODS), path, headers: OWN_JSON, body: '{}' };
      },
    ],
    [
      'an erasure of what is not the person’s',
      1,
      (random) => ({
        method: 'POST',
        path: '/api/erasure',
        headers: OWN_JSON,
        // The stolen rows of the own school may be erased by its principal: that is no attack.
        body: JSON.stringify({
          stream: someStream(random),
          id: random.pick(town.stolen.foreign)._id,
          why: 'x',
        }),
      }),
    ],
    [
      'a guessed password',
      0.9,
      (random) => ({
        method: 'POST',
        path: '/api/session',
        headers: OWN_JSON,
        body: JSON.stringify({
          login: random.chance(0.5) ? random.pick(['kanaria-teacher', 'kanaria-principal']) : oddText(random),
          password: random.chance(0.5) ? mutateText(random, PASSWORD).slice(0, 40) + '!' : oddText(random),
          device: 'd',
        }),
      }),
    ],
    [
      'a body without end',
      0.02,
      (random) => {
        const { method, path } = routeOf(random);
        const piece = random.pick(['x', '[', '{"a":', `{"push":[`, '\u0000', '雨']);
        return { method, path, headers: OWN_JSON, body: { piece, times: random.pick([9_000, 5_000_000]) } };
      },
    ],
    [
      'a list without end',
      0.05,
      (random) => {
        const row = JSON.stringify({ stream: streamKey(stream), entry: { a: 1 } });
        const many = random.pick([201, 5_000]);
        const names = Array.from(
          { length: 20_000 },
          (_, n) => `"s${n}/x":{"count":1,"digest":"${'0'.repeat(32)}"}`,
        );
        const rows = Array.from({ length: many }, () => row);
        const wide = random.chance(0.5);
        return {
          method: 'POST',
          path: '/api/exchange',
          headers: OWN_JSON,
          body: `{"protocol":1,"app":"x","device":"d","streams":{${wide ? names.join() : ''}},"push":[${wide ? '' : rows.join()}]}`,
        };
      },
    ],
  ];
}

/** The next request that follows from this chance. */
export function nextRequest(
  random: SeededRandom,
  attacks: readonly (readonly [string, number, Attack])[],
  personas: readonly string[],
): HostileRequest {
  const total = attacks.reduce((sum, [, weight]) => sum + weight, 0);
  let left = random.next() * total;
  const [attack, , make] =
    attacks.find(([, weight]) => (left -= weight) < 0) ?? (attacks[0] as (typeof attacks)[0]);
  return { attack, persona: random.pick(personas), ...make(random) };
}

function encodeText(text: string): string {
  return encodeURIComponent(wellFormed(text.slice(0, 200)));
}

/** What JSON cannot write is left to the other attacks. */
function safeJson(value: unknown): string {
  return JSON.stringify(value) ?? 'null';
}

function oddCookie(random: SeededRandom, { personas }: HostileTown): string {
  const mine = personas.find(({ cookie }) => cookie !== null)?.cookie ?? '';
  const token = mine.split('=')[1] ?? '';
  const odd = [
    'amenimo=',
    `amenimo=${'A'.repeat(43)}`,
    `amenimo=${mutateText(random, token).slice(0, 60)}x`,
    `amenimo=${'a'.repeat(8000)}`,
    `amenimo=${random.salt()}; amenimo=${random.salt()}`,
    `AMENIMO=${token}`,
    ` amenimo =${token}`,
    `amenimo="${token}"`,
    `amenimo=${encodeURIComponent(token)}%20`,
    ';;;;====;;;',
    `__proto__=1; constructor=2; amenimo=session:${random.salt()}`,
  ];
  return toHeaderText(random.pick(odd));
}

function oddHeaders(random: SeededRandom): Record<string, string> {
  const changes: readonly Record<string, string>[] = [
    { origin: 'http://evil.test' },
    { origin: 'null' },
    { origin: 'http://school.test.evil.test' },
    { origin: 'http://school.test@evil.test' },
    { origin: 'https://SCHOOL.test:80' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site', origin: 'http://school.test' },
    { host: 'evil.test' },
    { host: '' },
    { 'content-type': 'text/plain' },
    { 'content-type': 'application/x-www-form-urlencoded' },
    { 'content-type': 'multipart/form-data; boundary=x' },
    { 'content-type': 'application/json; charset=utf-16' },
    { 'content-encoding': 'gzip' },
    { 'content-encoding': 'identity' },
    { 'content-length': '999999999' },
    { 'content-length': '-1' },
    { [PERSON_HEADER]: 'kanaria-teacher' },
    { [PERSON_HEADER]: toHeaderText(random.pick(ODD_TEXTS)) },
    { 'x-forwarded-for': '127.0.0.1', 'x-forwarded-proto': 'https', 'x-forwarded-host': 'evil.test' },
    { 'x-auth-couchdb-username': 'admin', 'x-auth-couchdb-roles': '_admin' },
    { authorization: 'Basic YWRtaW46YWRtaW4=' },
    { 'x-http-method-override': 'DELETE', 'x-original-url': '/couch/_all_dbs' },
    { range: 'bytes=0-1' },
    { accept: '*/*;q=0', 'accept-encoding': 'x' },
    { 'if-none-match': '*' },
  ];
  const base: Record<string, string> = random.chance(0.8) ? { ...OWN_JSON } : { ...OWN_PAGE };
  return { ...base, ...random.pick(changes), ...(random.chance(0.3) ? random.pick(changes) : {}) };
}

/** Only what a header may hold: the rest never leaves a client. */
function toHeaderText(text: string): string {
  return text.replace(/[^\x21-\x7e ]/g, '?').slice(0, 8000);
}

function mutateQuery(random: SeededRandom, query: string): string {
  return encodeURI(wellFormed(mutateText(random, query).slice(0, 1000))).replaceAll('#', '%23');
}

function mutatePath(random: SeededRandom, path: string): string {
  const mutated = wellFormed(mutateText(random, path).slice(0, 4000));
  return mutated.startsWith('/') ? mutated : `/${mutated}`;
}
