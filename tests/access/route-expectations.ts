import { firstSecurityPolicy } from '../../src/access/security-policy.ts';
import { recordsStream, registerStream, streamKey } from '../../src/ledger/stream.ts';
import {
  homeroomId,
  pupilId,
  studentRecordOf,
  TODAY,
  YEAR,
  YEAR_END,
} from '../../src/gateway/testing/small-town.ts';
import type { TestClient } from '../../src/gateway/testing/test-client.ts';
import type { Role } from '../../src/access/subject.ts';
import type { HandReach } from './rights-by-hand.ts';

/** What a case is about: somebody asks of a school. */
export interface Asked {
  readonly school: string;
  readonly client: TestClient;
  /** Differs from case to case. */
  readonly serial: number;
  /** A permit of that school that waits for a decision. */
  readonly permitId: string;
}

type Custom = { readonly [R in Role]?: HandReach };

/**
 * Who a route answers, told by hand. `public`: whoever asks. `self`: whoever has signed in, of themselves. `own`: only
 * who it belongs to, which nobody here is. Otherwise a right of `rightsByHand` or a row of its own; `at`: of the
 * school that is asked about, or of any.
 */
export type Expectation =
  | { readonly for: 'public' }
  | { readonly for: 'self' | 'own'; readonly ask?: (asked: Asked) => unknown }
  | {
      readonly for: string | Custom;
      readonly at: 'school' | 'any';
      readonly query?: (asked: Asked) => Record<string, string>;
      readonly ask?: (asked: Asked) => unknown;
    };

/** Who gives and ends a role of a teacher, and who looks after the account besides. */
const givers: Custom = { vicePrincipal: 'S', principal: 'S', boardAdministrator: 'E' };
const carers: Custom = { ...givers, systemAdministrator: 'E' };

const target = ({ school }: Asked): string => `target-${school.toLowerCase()}`;
const nurse = (school: string, more: object = {}): object => ({
  role: 'schoolNurse',
  schoolCode: school,
  from: TODAY,
  until: YEAR_END,
  ...more,
});
const person = (asked: Asked): object => ({ person: target(asked) });
const device = ({ school }: Asked): string => `tablet-${school.toLowerCase()}`;
const missingEntry = `register:2026-06:attendance:${'0'.repeat(32)}`;

export const expectations: Readonly<Record<string, Expectation>> = {
  'GET /healthz': { for: 'public' },
  'POST /api/session': { for: 'public' },
  'POST /api/session/second-factor': { for: 'public' },
  'POST /api/session/passkey/begin': { for: 'public' },
  'POST /api/session/passkey': { for: 'public' },
  'DELETE /api/session': { for: 'public' },
  'GET /api/single-sign-on': { for: 'public' },
  'GET /api/single-sign-on/start': { for: 'public' },
  'GET /api/single-sign-on/callback': { for: 'public' },
  'POST /api/devices/contact': { for: 'public' },
  'POST /api/devices/wiped': { for: 'public' },
  'POST /api/handin': { for: 'public' },

  'GET /api/session': { for: 'self' },
  'POST /api/session/confirm/begin': { for: 'self', ask: () => ({}) },
  'POST /api/session/confirm': { for: 'self', ask: () => ({}) },
  'POST /api/session/password': { for: 'self', ask: () => ({ password: 'wrong password here' }) },
  'GET /api/sessions': { for: 'self' },
  'POST /api/sessions/end': { for: 'self', ask: () => ({ others: true }) },
  'POST /api/password': {
    for: 'self',
    ask: () => ({ old: 'wrong password here', new: 'another password here' }),
  },
  'GET /api/factors': { for: 'self' },
  'POST /api/factors/totp/begin': { for: 'self', ask: () => ({}) },
  'POST /api/factors/totp': { for: 'self', ask: () => ({}) },
  'POST /api/factors/passkey/begin': { for: 'self', ask: () => ({}) },
  'POST /api/factors/passkey': { for: 'self', ask: () => ({}) },
  'POST /api/factors/recovery-codes': { for: 'self', ask: () => ({}) },
  'POST /api/factors/remove': { for: 'self', ask: () => ({ kind: 'totp' }) },
  'GET /api/me/access': { for: 'self' },
  'GET /api/devices/own': { for: 'self' },
  'POST /api/devices/report': { for: 'self', ask: () => ({}) },
  'GET /api/permits': { for: 'self' },
  'GET /api/holdings': { for: 'self' },
  'POST /api/exchange': { for: 'self', ask: ({ client }) => client.requestOf() },
  'GET /api/events': { for: 'self' },
  'POST /api/audit/report': { for: 'self', ask: () => ({ notes: [] }) },

  'POST /api/permits/return': { for: 'own', ask: ({ permitId }) => ({ id: permitId }) },

  'GET /api/people': { for: 'managePeople', at: 'any' },
  'GET /api/people/places': { for: 'managePeople', at: 'any' },
  'GET /api/people/year-end': { for: 'managePeople', at: 'any' },
  'GET /api/people/person': {
    for: 'managePeople',
    at: 'school',
    query: (asked) => ({ person: target(asked) }),
  },
  'GET /api/people/access': {
    for: 'managePeople',
    at: 'school',
    query: (asked) => ({ person: target(asked) }),
  },
  'POST /api/people': {
    for: givers,
    at: 'school',
    ask: ({ school, serial }) => ({
      login: `new${serial}`,
      familyName: '雨野',
      givenName: '新',
      grants: [nurse(school)],
    }),
  },
  'POST /api/people/grants': {
    for: givers,
    at: 'school',
    ask: (asked) => ({ ...person(asked), grants: [nurse(asked.school)] }),
  },
  'POST /api/people/lock': { for: carers, at: 'school', ask: person },
  'POST /api/people/unlock': { for: carers, at: 'school', ask: person },
  'POST /api/people/password': { for: carers, at: 'school', ask: person },
  'POST /api/people/factors/reset': { for: givers, at: 'school', ask: person },
  'POST /api/people/year-end': {
    for: givers,
    at: 'school',
    ask: (asked) => ({
      people: [
        {
          ...person(asked),
          grants: [nurse(asked.school, { from: YEAR_END, until: '2028-04-01' })],
        },
      ],
    }),
  },

  'GET /api/board/today': { for: 'readBoardCounts', at: 'any' },
  'POST /api/erasure': {
    for: 'erase',
    at: 'school',
    ask: ({ school }) => ({
      stream: streamKey(registerStream(school, YEAR)),
      id: missingEntry,
      why: '誤った記録',
    }),
  },

  'GET /api/devices': { for: 'keepDevices', at: 'any' },
  'POST /api/devices/register': {
    for: 'keepDevices',
    at: 'any',
    ask: () => ({ label: '職員室 1', ownership: 'school' }),
  },
  'GET /api/devices/detail': { for: 'keepDevices', at: 'school', query: (asked) => ({ id: device(asked) }) },
  'POST /api/devices/lost': { for: 'keepDevices', at: 'school', ask: (asked) => ({ id: device(asked) }) },
  'POST /api/devices/found': { for: 'keepDevices', at: 'school', ask: (asked) => ({ id: device(asked) }) },
  'POST /api/devices/retire': { for: 'keepDevices', at: 'school', ask: (asked) => ({ id: device(asked) }) },

  'GET /api/tray': { for: 'keepTray', at: 'school', query: ({ school }) => ({ school }) },
  'POST /api/tray/take': {
    for: 'keepTray',
    at: 'school',
    ask: ({ school }) => ({ school, id: missingEntry }),
  },
  'POST /api/tray/reject': {
    for: 'keepTray',
    at: 'school',
    ask: ({ school }) => ({ school, id: missingEntry, why: '誤り' }),
  },

  'GET /api/official': {
    for: 'readOfficial',
    at: 'school',
    query: ({ school }) => ({ school, student: pupilId(school, 1, 1) }),
  },
  'POST /api/official': {
    for: 'writeOfficial',
    at: 'school',
    ask: ({ school }) => ({
      school,
      student: pupilId(school, 1, 1),
      value: studentRecordOf('千葉県大網白里市 0-0'),
      painted: [],
    }),
  },

  'GET /api/permits/school': { for: 'seePermits', at: 'any' },
  'POST /api/permits/request': {
    for: 'readRecords',
    at: 'school',
    ask: ({ school, client }) => ({
      schoolCode: school,
      streams: [streamKey(recordsStream(school, YEAR, homeroomId(school, 1)))],
      reason: '所見を書く',
      from: TODAY,
      lastDay: TODAY,
      device: client.device,
      storage: 'memory',
    }),
  },
  'POST /api/permits/decide': {
    for: { principal: 'S' },
    at: 'school',
    ask: ({ permitId }) => ({ id: permitId, granted: true, note: '' }),
  },
  'POST /api/permits/revoke': {
    for: { principal: 'S' },
    at: 'school',
    ask: ({ permitId }) => ({ id: permitId }),
  },
  'POST /api/permits/blanket': {
    for: 'seePermits',
    at: 'school',
    ask: ({ school }) => ({ schoolCode: school, allowed: true }),
  },

  'GET /api/policy': { for: 'setPolicy', at: 'any' },
  'POST /api/policy': {
    for: 'setPolicy',
    at: 'any',
    ask: () => ({ replaces: 999, policy: firstSecurityPolicy }),
  },

  'GET /api/audit': { for: 'readAudit', at: 'any' },
  'GET /api/audit/scope': { for: 'readAudit', at: 'any' },
  'GET /api/audit/people': { for: 'readAudit', at: 'any', query: () => ({ search: '雨野' }) },
  'POST /api/audit/export': { for: 'readAudit', at: 'any', ask: () => ({}) },
};
