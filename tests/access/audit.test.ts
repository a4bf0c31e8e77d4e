import { beforeEach, describe, expect, it } from 'vitest';
import { auditReachOf, canReadAudit, reachesEvent } from '../../src/access/audit-access.ts';
import { boardRoles, roles, type Grant } from '../../src/access/subject.ts';
import type { CalendarDate } from '../../src/domain/calendar/calendar-date.ts';
import type { AuditEvent } from '../../src/gateway/audit/audit.ts';
import { attendance, pupilId, SCHOOL, stream } from '../../src/gateway/testing/small-town.ts';
import type { TestClient } from '../../src/gateway/testing/test-client.ts';
import { TestGateway } from '../../src/gateway/testing/test-gateway.ts';
import { nameOf } from '../../src/gateway/testing/test-client.ts';
import { signInStrongly } from './strong-session.ts';

const from = '2026-04-01' as CalendarDate;
const until = '2027-04-01' as CalendarDate;

describe('the right to read the log', () => {
  it.each(roles)('[AC50, AC51, AC52] is, for the role %s, the table’s', (role) => {
    const schoolCode = boardRoles.has(role) ? null : 'S1';
    const subject = { personId: 'p', grants: [{ role, schoolCode, from, until }] };
    const within = '2026-09-01' as CalendarDate;
    const reach = auditReachOf(subject, within);
    if (role === 'boardAdministrator' || role === 'systemAdministrator') {
      expect(reach).toEqual({ everything: true });
    } else if (role === 'principal') {
      expect(reach && reachesEvent(reach, ['S1'])).toBe(true);
      expect(reach && reachesEvent(reach, ['S2'])).toBe(false);
      expect(reach && reachesEvent(reach, [])).toBe(false);
    } else {
      expect(canReadAudit(subject, within)).toEqual({ allowed: false, because: 'noGrant' });
    }
    expect(canReadAudit(subject, until).allowed).toBe(false);
    expect(auditReachOf(subject, '2026-03-31' as CalendarDate)).toBeNull();
  });
});

describe('the log over HTTP', () => {
  let town: TestGateway;
  beforeEach(async () => {
    town = await TestGateway.open({ storedAudit: true });
    const administrator: Grant = { role: 'boardAdministrator', schoolCode: null, from, until };
    await town.addPerson('admin', [administrator]);
  });

  type Seen = AuditEvent & { seq: number; at: number };
  interface Page {
    entries: Seen[];
    next: number | null;
    people: Record<string, { name: string; login: string }>;
  }
  async function read(client: TestClient, query = ''): Promise<Page> {
    const answer = await client.send('GET', `/api/audit${query}`);
    expect(answer.status).toBe(200);
    return (await answer.json()) as Page;
  }
  const lines = ({ entries }: Page): string[] =>
    entries.map(({ kind, by, target }) => [kind, by, target].filter(Boolean).join(' '));

  it('[AC50, AC51] shows the whole to the board and the own school to a principal', async () => {
    await town.signIn('nurse');
    const admin = await town.signIn('admin');
    const whole = lines(await read(admin));
    expect(whole).toContain('signedIn nurse');
    expect(whole).toContain('signedIn admin');
    const principal = await town.signIn('principal');
    const own = lines(await read(principal));
    expect(own).toContain('signedIn nurse');
    expect(own).toContain('signedIn principal');
    expect(own).not.toContain('signedIn admin');
  });

  it('[AC51] shows a principal nothing of another school', async () => {
    await town.gateway.parts.audit.record({ kind: 'printed', by: 'nurse', school: 'S2', target: 'x' });
    await town.gateway.parts.audit.record({ kind: 'printed', by: 'stranger', school: SCHOOL, target: 'y' });
    const own = lines(await read(await town.signIn('principal'), '?kind=printed'));
    expect(own).toEqual(['printed stranger y']);
    const admin = lines(await read(await town.signIn('admin'), '?kind=printed&school=S2'));
    expect(admin).toEqual(['printed nurse x']);
  });

  it('[AC52, AU6] denies everybody else, and writes that down once for many tries', async () => {
    const nurse = await town.signIn('nurse');
    for (const path of ['/api/audit', '/api/audit/scope', '/api/audit/people?search=a']) {
      for (let n = 0; n < 3; n++) expect((await nurse.send('GET', path)).status).toBe(403);
    }
    expect((await nurse.send('POST', '/api/audit/export', {})).status).toBe(403);
    expect((await town.client().send('GET', '/api/audit')).status).toBe(401);
    const admin = await town.signIn('admin');
    const denied = (await read(admin, '?kind=denied&person=nurse')).entries.map(({ code }) => code);
    expect(denied.sort()).toEqual([
      'GET /api/audit',
      'GET /api/audit/people',
      'GET /api/audit/scope',
      'POST /api/audit/export',
    ]);
    await town.gateway.parts.repeatedEvents.flush();
    const counted = (await read(admin, '?kind=denied&person=nurse')).entries.filter(({ count }) => count);
    expect(counted.map(({ count }) => count)).toEqual([2, 2, 2]);
  });

  it('[AC53] finds people in reach by login or name', async () => {
    const principal = await town.signIn('principal');
    const find = async (client: TestClient, word: string): Promise<string[]> => {
      const answer = await client.send('GET', `/api/audit/people?search=${word}`);
      return ((await answer.json()) as { people: { id: string }[] }).people.map(({ id }) => id);
    };
    expect(await find(principal, 'nur')).toEqual(['nurse']);
    expect(await find(principal, 'admin')).toEqual([]);
    expect(await find(await town.signIn('admin'), 'admin')).toEqual(['admin']);
    expect((await principal.send('GET', '/api/audit/people?search=')).status).toBe(400);
  });

  it('[AU1, AU5] writes sign-ins, refusals and endings, and no login', async () => {
    await town.client().signIn('nurse', 'a wrong password');
    await town.client().signIn('my-secret-typed-as-login', 'x');
    const nurse = await town.signIn('nurse');
    await nurse.send('DELETE', '/api/session');
    const admin = await town.signIn('admin');
    const page = await read(admin);
    expect(lines(page)).toEqual([
      'auditRead admin',
      'signedIn admin',
      'signedOut nurse',
      'signedIn nurse',
      'signInRefused',
      'signInRefused nurse',
    ]);
    expect(JSON.stringify(await town.store.listRecords('audit-test', ''))).not.toContain('secret');
    expect(page.people.nurse).toEqual({ name: 'nurse', login: 'nurse' });
  });

  it('[AU5] writes an erasure with its school', async () => {
    const nurse = await town.signIn('nurse');
    const entry = attendance({ by: 'nurse', marks: { [pupilId(SCHOOL, 1, 1)]: 'sick' } });
    await nurse.push(stream, entry);
    const principal = await town.signIn('principal');
    const body = { stream: `${stream.db}/${stream.scope}`, id: entry._id, why: '誤記' };
    expect((await principal.send('POST', '/api/erasure', body)).status).toBe(200);
    const { entries } = await read(principal, '?kind=erased');
    expect(entries).toMatchObject([{ by: 'principal', school: SCHOOL, target: entry._id }]);
    expect(JSON.stringify(entries)).not.toContain('誤記');
  });

  it('[AU6] writes one entry for a push that was denied, and none for one that was not', async () => {
    const nurse = await town.signIn('nurse');
    // What is handed out to a device for the first time is an entry of its own.
    await nurse.exchange();
    const before = town.gateway.parts.storedAudit.place.seq;
    const own = [1, 2, 3].map((n) => attendance({ by: 'nurse', marks: { [pupilId(SCHOOL, 1, n)]: 'sick' } }));
    expect((await nurse.push(stream, ...own)).map(nameOf)).toEqual(['accepted', 'accepted', 'accepted']);
    expect(town.gateway.parts.storedAudit.place.seq).toBe(before);
    const forged = [1, 2, 3].map((n) =>
      attendance({ by: 'principal', marks: { [pupilId(SCHOOL, 1, n)]: 'sick' } }),
    );
    await nurse.push(stream, ...forged);
    const { entries } = await read(await town.signIn('admin'), '?kind=denied');
    expect(entries).toMatchObject([{ by: 'nurse', code: 'push', count: 3 }]);
  });

  it('[AU7, AC54] takes a device’s report of itself, and nothing else', async () => {
    const nurse = await town.signIn('nurse');
    const now = town.clock.now;
    const note = {
      kind: 'printed',
      stream: `${stream.db}/${stream.scope}`,
      what: 's1-h1/2026-05',
      count: 1,
      happenedAt: now - 5000,
    };
    const report = (...notes: unknown[]) => nurse.send('POST', '/api/audit/report', { notes });
    expect((await report(note, { ...note, happenedAt: now + 9_000_000 })).status).toBe(200);
    expect((await report({ ...note, kind: 'signedIn' })).status).toBe(400);
    expect((await report({ ...note, by: 'principal' })).status).toBe(400);
    expect((await report({ ...note, what: '佐藤さん' })).status).toBe(400);
    expect((await report({ ...note, stream: 'accounts-test/x' })).status).toBe(400);
    expect((await report({ ...note, stream: 'register-s2-2026/register' })).status).toBe(403);
    expect((await report()).status).toBe(400);
    expect((await report(...Array.from({ length: 201 }, () => note))).status).toBe(400);
    expect((await report(...Array.from({ length: 200 }, () => ({ ...note, kind: 'exported' })))).status).toBe(
      200,
    );
    const admin = await town.signIn('admin');
    const { entries } = await read(admin, '?kind=printed');
    expect(entries.map(({ happenedAt }) => happenedAt)).toEqual([now, now - 5000]);
    expect(entries[1]).toMatchObject({
      by: 'nurse',
      school: SCHOOL,
      device: 'nurse-device',
      target: note.stream,
      code: note.what,
      count: 1,
    });
    expect((await read(admin, '?kind=exported&limit=200')).entries).toHaveLength(200);
  });

  it('[AU40] pages newest first, and refuses what it does not understand', async () => {
    const { audit } = town.gateway.parts;
    for (let n = 1; n <= 25; n++) await audit.record({ kind: 'printed', by: 'nurse', count: n });
    const admin = await town.signIn('admin');
    const first = await read(admin, '?kind=printed&limit=10');
    expect(first.entries.map(({ count }) => count)).toEqual([25, 24, 23, 22, 21, 20, 19, 18, 17, 16]);
    const second = await read(admin, `?kind=printed&limit=20&after=${first.next}`);
    expect(second.entries.map(({ count }) => count)).toEqual([
      15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1,
    ]);
    expect(second.next).toBeNull();
    for (const query of [
      '?limit=0',
      '?limit=201',
      '?limit=x',
      '?kind=all',
      '?after=0',
      '?what=1',
      '?school=s1',
    ]) {
      expect((await admin.send('GET', `/api/audit${query}`)).status).toBe(400);
    }
  });

  it('[AU41, AU4] writes down that it was read, once a minute, and every export', async () => {
    const admin = await town.signIn('admin');
    await read(admin);
    await read(admin);
    const page = await read(admin, '?kind=auditRead');
    expect(page.entries).toHaveLength(1);
    const refused = await admin.send('POST', '/api/audit/export', {});
    expect(refused.status).toBe(403);
    expect(await refused.json()).toMatchObject({ code: 'stepUpRequired' });
    const strong = await signInStrongly(town, 'admin');
    const exported = (await (
      await strong.send('POST', '/api/audit/export', { kind: 'signedIn' })
    ).json()) as Page;
    expect(exported.entries.length).toBeGreaterThan(0);
    const written = await read(admin, '?kind=exported');
    expect(written.entries).toMatchObject([{ by: 'admin', target: 'audit', count: exported.entries.length }]);
    expect((await read(admin, '?kind=denied')).entries).toEqual([]);
  });
});
