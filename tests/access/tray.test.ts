import { beforeEach, describe, expect, it } from 'vitest';
import { canWriteInGrace } from '../../src/access/grace.ts';
import { rosterContextOf } from '../../src/access/roster-context.ts';
import { roles, type Grant } from '../../src/access/subject.ts';
import { canKeepTray } from '../../src/access/tray-access.ts';
import { addDays } from '../../src/domain/calendar/calendar-date.ts';
import type { Entry } from '../../src/ledger/entry.ts';
import type { MemoryAudit } from '../../src/gateway/audit/memory-audit.ts';
import { sealRows } from '../../src/gateway/testing/sealed-rows.ts';
import {
  attendance,
  entryOf,
  grantOf,
  homeroomId,
  NOW,
  OTHER_SCHOOL,
  pupilId,
  SCHOOL,
  stream,
  TODAY,
  YEAR,
  YEAR_START,
} from '../../src/gateway/testing/small-town.ts';
import { nameOf, type TestClient } from '../../src/gateway/testing/test-client.ts';
import { TestGateway } from '../../src/gateway/testing/test-gateway.ts';
import type { WireRow } from '../../src/sync/hand-in.ts';

const DAY = 86_400_000;
const pupil = pupilId(SCHOOL, 1, 1);

let town: TestGateway;
beforeEach(async () => {
  town = await TestGateway.open();
});

const mark = (code: string, by = 'homeroom1', more: object = {}): Entry =>
  attendance({ by, marks: { [pupil]: code }, ...more });
const stored = async (id: string, db = stream.db) => (await town.store.getEntries(db, [id]))[0] ?? null;
const audited = () =>
  (town.gateway.parts.audit as MemoryAudit).events.map(({ kind, target }) => ({ kind, target }));
const revoke = (login: string) => town.gateway.parts.accounts.setGrants(login, []);

interface TrayView {
  open: { id: string; state: string; code: string; by: string; from: string; cells: object[] }[];
  decided: { id: string; state: string; decision: object }[];
  openCount: number;
}
async function trayOf(client: TestClient, school = SCHOOL): Promise<TrayView> {
  const answer = await client.send('GET', `/api/tray?school=${school}`);
  if (answer.status !== 200) throw new Error(`the tray answered ${answer.status}`);
  return (await answer.json()) as TrayView;
}
async function ask(client: TestClient, what: 'take' | 'reject', body: object): Promise<string> {
  const answer = await client.send('POST', `/api/tray/${what}`, body);
  const { code } = (await answer.json()) as { code?: string };
  return code ?? String(answer.status);
}
/** A row whose author's right was taken away while it was on its way. */
async function lateRow(): Promise<Entry> {
  const teacher = await town.signIn('homeroom1');
  await revoke('homeroom1');
  const row = mark('sick');
  expect((await teacher.push(stream, row)).map(nameOf)).toEqual(['refused:inTray']);
  return row;
}

describe('the tray', () => {
  it.each(roles)('[AC85] is kept by the own office, vice principal and principal alone: %s', (role) => {
    const keeps = ['officeStaff', 'vicePrincipal', 'principal'].includes(role);
    const isBoard = role.startsWith('board') || role === 'systemAdministrator';
    const subject = { personId: 'p', grants: [grantOf(role, isBoard ? null : SCHOOL)] };
    expect(canKeepTray(subject, SCHOOL, TODAY).allowed).toBe(keeps);
    expect(canKeepTray(subject, OTHER_SCHOOL, TODAY).allowed).toBe(false);
    const ended = { personId: 'p', grants: [grantOf(role, SCHOOL, { until: TODAY })] };
    expect(canKeepTray(ended, SCHOOL, TODAY).allowed).toBe(false);
  });

  it.each(['homeroom2', 'nurse', 'supervisor', 'board', 'system', 'otherprincipal', 'nobody'])(
    '[AC85] over HTTP, %s sees and settles nothing',
    async (login) => {
      const row = await lateRow();
      const client = await town.signIn(login);
      expect((await client.send('GET', `/api/tray?school=${SCHOOL}`)).status).toBe(403);
      for (const id of [row._id, 'register:2026-06:attendance:00000000000000000000000000000000']) {
        expect(await ask(client, 'take', { school: SCHOOL, id })).toBe('denied');
        expect(await ask(client, 'reject', { school: SCHOOL, id, why: 'x' })).toBe('denied');
      }
      expect(await stored(row._id)).toBeNull();
    },
  );

  it('[AC85] shows who wrote what about whom, and what the register shows now', async () => {
    await (await town.signIn('nurse')).push(stream, mark('late', 'nurse'));
    const row = await lateRow();
    const { open, openCount } = await trayOf(await town.signIn('office'));
    expect(openCount).toBe(1);
    expect(open).toMatchObject([
      {
        id: row._id,
        state: 'waiting',
        code: 'rightEnded',
        by: 'homeroom1',
        from: 'homeroom1',
        device: 'homeroom1-device',
        kind: 'attendance',
        on: TODAY,
        madeAt: NOW,
        cells: [
          {
            value: { mark: 'sick' },
            pupil: { name: '雨野 児童1', homeroom: '1年1組', rosterNumber: 1 },
            present: [{ value: { mark: 'late' }, by: 'nurse', madeAt: NOW }],
          },
        ],
        decision: null,
      },
    ]);
  });

  it('[AC86] gives a row to the register as its author wrote it, stamped by who took it', async () => {
    const row = await lateRow();
    const office = await town.signIn('office');
    town.clock.now += 60_000;
    expect(await ask(office, 'take', { school: SCHOOL, id: row._id })).toBe('200');
    expect(await stored(row._id)).toEqual({
      ...row,
      received: {
        at: NOW + 60_000,
        by: 'office',
        device: 'office-device',
        n: expect.any(Number) as number,
        mac: expect.any(String) as string,
      },
    });
    expect((await office.pull(stream)).some(({ _id }) => _id === row._id)).toBe(true);
    const { open, decided } = await trayOf(office);
    expect(open).toEqual([]);
    expect(decided).toMatchObject([
      { id: row._id, state: 'taken', decision: { by: 'office', at: NOW + 60_000 } },
    ]);
    expect(audited()).toContainEqual({ kind: 'trayTaken', target: row._id });
    // Twice, or by two at once, it is one.
    expect(await ask(office, 'take', { school: SCHOOL, id: row._id })).toBe('notOpen');
    expect(await ask(office, 'reject', { school: SCHOOL, id: row._id, why: 'x' })).toBe('notOpen');
    const client = await town.signIn('homeroom1');
    expect((await client.push(stream, row)).map(nameOf)).toEqual(['accepted']);
  });

  it('[AC86] does not open the register to what nobody was ever allowed to write', async () => {
    // A teacher's row about another homeroom, handed in by a colleague: the author never could, the taker may.
    const other = attendance({ by: 'homeroom1', marks: { [pupilId(SCHOOL, 2, 1)]: 'sick' } });
    const school = entryOf(stream, {
      kind: 'school',
      by: 'principal',
      cells: [{ key: 'school', value: { code: SCHOOL, name: '別の名', schoolYear: YEAR }, over: [] }],
    });
    const rows = await sealRows(town.secrets, SCHOOL, stream, other, school);
    await handIn(await town.signIn('nurse', 'shared'), rows, 'shared');
    const { open } = await trayOf(await town.signIn('principal'));
    expect(open.map(({ id }) => id).sort()).toEqual([school._id, other._id].sort());
    const principal = await town.signIn('principal');
    expect(await ask(principal, 'take', { school: SCHOOL, id: school._id })).toBe('notPermitted');
    expect(await stored(school._id)).toBeNull();
    expect(await ask(await town.signIn('office'), 'take', { school: SCHOOL, id: other._id })).toBe('200');
  });

  it('[AC86] keeps what is rejected, with its reason, and never takes it again', async () => {
    const row = await lateRow();
    const office = await town.signIn('office');
    expect(await ask(office, 'reject', { school: SCHOOL, id: row._id, why: ' ' })).toBe('badRequest');
    expect(await ask(office, 'reject', { school: SCHOOL, id: row._id, why: '二重の記録' })).toBe('200');
    const { open, decided } = await trayOf(office);
    expect(open).toEqual([]);
    expect(decided).toMatchObject([
      {
        id: row._id,
        state: 'rejected',
        cells: [{ value: { mark: 'sick' } }],
        decision: { why: '二重の記録' },
      },
    ]);
    expect(await ask(office, 'take', { school: SCHOOL, id: row._id })).toBe('notOpen');
    expect(audited()).toContainEqual({ kind: 'trayRejected', target: row._id });
    expect((await town.store.getRecord('tray-s1', `row:${row._id}`))?.entry).toMatchObject({ _id: row._id });
    // Not even from its author, with the right back.
    await town.gateway.parts.accounts.setGrants('homeroom1', [
      grantOf('homeroomTeacher', SCHOOL, { homeroomId: homeroomId(SCHOOL, 1) }),
    ]);
    const teacher = await town.signIn('homeroom1');
    expect((await teacher.push(stream, row)).map(nameOf)).toEqual(['refused:rejected']);
    expect(await stored(row._id)).toBeNull();
  });

  it('[AC86] lets go of a row that its author brings in after all', async () => {
    const row = await lateRow();
    await town.gateway.parts.accounts.setGrants('homeroom1', [
      grantOf('homeroomTeacher', SCHOOL, { homeroomId: homeroomId(SCHOOL, 1) }),
    ]);
    expect((await (await town.signIn('homeroom1')).push(stream, row)).map(nameOf)).toEqual(['accepted']);
    expect((await trayOf(await town.signIn('office'))).open).toEqual([]);
  });

  it('[AC86] releases a row over one that never came, and what is written over it after that', async () => {
    const teacher = await town.signIn('homeroom1');
    const lost = mark('sick');
    const row = attendance({ by: 'homeroom1', marks: { [pupil]: 'late' }, over: [lost._id] });
    const next = attendance({ by: 'homeroom1', marks: { [pupil]: 'present' }, over: [lost._id, row._id] });
    expect((await teacher.push(stream, row, next)).map(nameOf)).toEqual([
      'later:unknownOver',
      'later:unknownOver',
    ]);
    const office = await town.signIn('office');
    expect((await trayOf(office)).open).toEqual([]);
    town.clock.now += DAY;
    const { open } = await trayOf(await town.signIn('office'));
    expect(open.map(({ id, state, code }) => [id, state, code])).toContainEqual([
      row._id,
      'held',
      'unknownOver',
    ]);
    expect(await ask(await town.signIn('office'), 'take', { school: SCHOOL, id: row._id })).toBe('200');
    const back = await town.signIn('homeroom1');
    expect((await back.push(stream, row, next)).map(nameOf)).toEqual(['accepted', 'accepted']);
    expect((await trayOf(await town.signIn('office'))).open).toEqual([]);
    // What was given up may still arrive.
    expect((await back.push(stream, lost)).map(nameOf)).toEqual(['accepted']);
  });

  it('[AC86] judges anew what it replaces', async () => {
    const other = attendance({ by: 'nurse', marks: { [pupilId(SCHOOL, 1, 2)]: 'late' } });
    const nurse = await town.signIn('nurse');
    await revoke('nurse');
    const row = attendance({ by: 'nurse', marks: { [pupil]: 'late' }, over: [other._id] });
    expect((await nurse.push(stream, row)).map(nameOf)).toEqual(['refused:inTray']);
    await town.writeAround(stream, [other]);
    expect(await ask(await town.signIn('office'), 'take', { school: SCHOOL, id: row._id })).toBe('badOver');
    expect(await stored(row._id)).toBeNull();
  });
});

async function handIn(client: TestClient, rows: readonly WireRow[], device = client.device, ticket?: string) {
  const answer = await client.send('POST', '/api/handin', {
    device,
    rows,
    ...(ticket === undefined ? {} : { ticket }),
  });
  const body = (await answer.json()) as {
    verdicts?: { id: string; verdict: string; code?: string }[];
    code?: string;
  };
  return {
    status: answer.status,
    body,
    names: (body.verdicts ?? []).map(({ verdict, code }) => (code ? `${verdict}:${code}` : verdict)),
  };
}

describe('handing in', () => {
  const trustAll = async (): Promise<TestGateway> => {
    const opened = await TestGateway.open();
    (opened.gateway.parts as { signatures: object }).signatures = { check: async () => 'valid' };
    return opened;
  };

  it('[AC87] a colleague’s sealed row with a proof of its author arrives as that author’s, and nothing of it is told', async () => {
    town = await trustAll();
    const row = mark('sick');
    const nurse = await town.signIn('nurse', 'shared');
    const { names, body } = await handIn(nurse, await sealRows(town.secrets, SCHOOL, stream, row));
    expect(names).toEqual(['accepted']);
    expect(body).toEqual({ verdicts: [{ id: row._id, verdict: 'accepted' }] });
    expect(await stored(row._id)).toMatchObject({
      by: 'homeroom1',
      received: { by: 'nurse', device: 'shared' },
    });
    expect((await handIn(nurse, await sealRows(town.secrets, SCHOOL, stream, row))).names).toEqual([
      'accepted',
    ]);
    expect(audited()).toContainEqual({ kind: 'handedIn', target: 'shared' });
  });

  it('[AC87] gains nothing by it: the author’s rights judge, not the presenter’s', async () => {
    town = await trustAll();
    const principal = await town.signIn('principal', 'shared');
    const beyond = attendance({ by: 'homeroom2', marks: { [pupil]: 'sick' } });
    const never = attendance({ by: 'nobody', marks: { [pupil]: 'sick' } });
    const stranger = attendance({ by: 'no-such-person', marks: { [pupil]: 'sick' } });
    const rows = await sealRows(town.secrets, SCHOOL, stream, beyond, never, stranger);
    expect((await handIn(principal, rows)).names).toEqual([
      'refused:inTray',
      'refused:denied',
      'refused:denied',
    ]);
    for (const { _id } of [beyond, never, stranger]) expect(await stored(_id)).toBeNull();
    // Presented by somebody of another school, it is judged the same.
    const elsewhere = await town.signIn('otherhomeroom1', 'shared');
    const row = mark('late');
    expect((await handIn(elsewhere, await sealRows(town.secrets, SCHOOL, stream, row))).names).toEqual([
      'accepted',
    ]);
  });

  it('[AC87] whose right has ended since lies in the tray', async () => {
    town = await trustAll();
    const row = mark('sick');
    await revoke('homeroom1');
    const rows = await sealRows(town.secrets, SCHOOL, stream, row);
    expect((await handIn(await town.signIn('nurse'), rows)).names).toEqual(['refused:inTray']);
    expect((await trayOf(await town.signIn('office'))).open).toMatchObject([
      { id: row._id, code: 'rightEnded' },
    ]);
  });

  it('[AC88] without a proof of its author it waits in the tray, and leaves it when the author comes', async () => {
    const row = mark('sick');
    const nurse = await town.signIn('nurse', 'shared');
    const rows = await sealRows(town.secrets, SCHOOL, stream, row);
    expect((await handIn(nurse, rows)).names).toEqual(['refused:inTray']);
    expect((await handIn(nurse, rows)).names).toEqual(['refused:inTray']);
    expect(await stored(row._id)).toBeNull();
    const { open } = await trayOf(await town.signIn('office'));
    expect(open).toMatchObject([{ id: row._id, code: 'unsigned', by: 'homeroom1', from: 'nurse' }]);
    expect((await (await town.signIn('homeroom1', 'shared')).push(stream, row)).map(nameOf)).toEqual([
      'accepted',
    ]);
    expect((await trayOf(await town.signIn('office'))).openCount).toBe(0);
  });

  it('[AC88] needs no proof where the author is the one who signed in: rows of a vault that nobody can open', async () => {
    const row = mark('sick');
    const teacher = await town.signIn('homeroom1', 'shared');
    expect((await handIn(teacher, await sealRows(town.secrets, SCHOOL, stream, row))).names).toEqual([
      'accepted',
    ]);
    expect(await stored(row._id)).toMatchObject({ by: 'homeroom1', received: { by: 'homeroom1' } });
    // A lost device that was given a person's id for its own is not that person.
    await (await town.signIn('homeroom2', 'homeroom1')).exchange();
    await (await town.signIn('office')).send('POST', '/api/devices/lost', { id: 'homeroom1' });
    const contact = await town.client().send('POST', '/api/devices/contact', { device: 'homeroom1' });
    const { ticket } = (await contact.json()) as { ticket: string };
    const forged = await sealRows(town.secrets, SCHOOL, stream, mark('late'));
    expect((await handIn(town.client(), forged, 'homeroom1', ticket)).names).toEqual(['refused:inTray']);
  });

  it('[AC88] with somebody else’s signature it is nobody’s', async () => {
    (town.gateway.parts as { signatures: object }).signatures = { check: async () => 'bad' };
    const rows = await sealRows(town.secrets, SCHOOL, stream, mark('sick'));
    expect((await handIn(await town.signIn('nurse'), rows)).names).toEqual(['refused:badSignature']);
    expect((await trayOf(await town.signIn('office'))).open).toEqual([]);
  });

  it('[AC88] what waits for something else, or is not sound, is for the office to see: its author is not there', async () => {
    town = await trustAll();
    const lost = mark('sick');
    const over = attendance({ by: 'homeroom1', marks: { [pupil]: 'late' }, over: [lost._id] });
    const unknownPupil = attendance({ by: 'nurse', marks: { 'p-unknown': 'sick' } });
    const rows = await sealRows(town.secrets, SCHOOL, stream, over, unknownPupil);
    expect((await handIn(await town.signIn('nurse'), rows)).names).toEqual([
      'refused:inTray',
      'refused:inTray',
    ]);
    const { open } = await trayOf(await town.signIn('office'));
    expect(open.map(({ code }) => code).sort()).toEqual(['notEnrolled', 'unknownOver']);
    expect(await ask(await town.signIn('office'), 'take', { school: SCHOOL, id: over._id })).toBe('200');
    expect(await ask(await town.signIn('office'), 'take', { school: SCHOOL, id: unknownPupil._id })).toBe(
      'notPermitted',
    );
  });

  it('[AC87] what cannot be opened, or is not what its name says, is refused and changes nothing', async () => {
    town = await trustAll();
    const nurse = await town.signIn('nurse');
    const [one, two] = [mark('sick'), mark('late')];
    const [first, second] = (await sealRows(town.secrets, SCHOOL, stream, one, two)) as [WireRow, WireRow];
    const foreign = await sealRows(town.secrets, OTHER_SCHOOL, stream, one);
    const spoiled = { ...first, sealed: `AAAA${first.sealed.slice(4)}` };
    const swapped = { ...first, sealed: second.sealed };
    const renamed = { ...first, id: second.id };
    const elsewhere = { ...first, stream: 'register-s2-2026/register' };
    const nowhere = { ...first, stream: 'register-s9-2026/register' };
    const badKey = { ...first, wrap: { ...first.wrap, ephemeral: 'AAAA' } };
    const rows = [...foreign, spoiled, swapped, renamed, elsewhere, nowhere, badKey] as WireRow[];
    const before = await town.dbs;
    expect((await handIn(nurse, rows)).names).toEqual(rows.map(() => 'refused:denied'));
    expect([await stored(one._id), await stored(two._id)]).toEqual([null, null]);
    expect(await town.dbs).toEqual(before);
    const forged = { ...one, cells: two.cells };
    const [resealed] = await sealRows(town.secrets, SCHOOL, stream, forged);
    expect((await handIn(nurse, [resealed as WireRow])).names).toEqual(['refused:hashMismatch']);
  });

  it('[AC87] asks for a session of somebody with a role, or for the ticket of a lost device', async () => {
    const rows = await sealRows(town.secrets, SCHOOL, stream, mark('sick'));
    expect((await handIn(town.client('shared'), rows)).status).toBe(401);
    expect((await handIn(await town.signIn('nobody'), rows)).status).toBe(403);
    expect((await handIn(town.client('shared'), rows, 'shared', '0'.repeat(64))).status).toBe(403);
    const nurse = await town.signIn('nurse');
    expect((await handIn(nurse, [])).status).toBe(400);
    expect(
      (
        await handIn(
          nurse,
          Array.from({ length: 51 }, () => rows[0] as WireRow),
        )
      ).status,
    ).toBe(400);
    expect((await handIn(nurse, [{ ...(rows[0] as WireRow), sealed: 'ü' }])).status).toBe(400);
  });

  it('[AC82] a lost device hands in with its ticket and no session', async () => {
    town = await trustAll();
    await (await town.signIn('homeroom1', 'd-lost')).exchange();
    await (await town.signIn('office')).send('POST', '/api/devices/lost', { id: 'd-lost' });
    const contact = await town.client().send('POST', '/api/devices/contact', { device: 'd-lost' });
    const { ticket } = (await contact.json()) as { ticket: string };
    const row = mark('sick');
    const rows = await sealRows(town.secrets, SCHOOL, stream, row);
    expect((await handIn(town.client('d-lost'), rows, 'd-lost', ticket)).names).toEqual(['accepted']);
    expect(await stored(row._id)).toMatchObject({
      by: 'homeroom1',
      received: { by: 'd-lost', device: 'd-lost' },
    });
    expect((await handIn(town.client('x'), rows, 'd-other', ticket)).status).toBe(403);
  });
});

describe('the grace of a grant', () => {
  const homeroom = { homeroomId: homeroomId(SCHOOL, 1) };
  const context = rosterContextOf({
    enrollments: [
      {
        id: 'e',
        studentId: pupil,
        homeroomId: homeroom.homeroomId,
        rosterNumber: 1,
        from: YEAR_START,
        until: addDays(YEAR_START, 365),
        beganBy: 'yearStart',
        endedBy: null,
      },
    ],
  });
  const end = addDays(TODAY, -3);
  const madeAt = NOW - 4 * DAY;
  const on = addDays(TODAY, -4);
  const may = (grant: Partial<Grant>, body: Partial<Entry> = {}, today = TODAY): boolean => {
    const subject = {
      personId: 'homeroom1',
      grants: [grantOf('homeroomTeacher', SCHOOL, { ...homeroom, until: end, ...grant })],
    };
    const entry = attendance({ by: 'homeroom1', marks: { [pupil]: 'sick' }, on, madeAt });
    return canWriteInGrace(subject, stream, { ...entry, ...body }, context, today).allowed;
  };

  it.each([
    ['what was made while it held', {}, {}, TODAY, true],
    ['the last day of it', {}, {}, addDays(end, 13), true],
    ['the day after it', {}, {}, addDays(end, 14), false],
    ['one that was taken away', { revoked: true as const }, {}, TODAY, false],
    ['what was made on its end', {}, { madeAt: NOW - 3 * DAY }, TODAY, false],
    ['what was made before it began', { from: TODAY, until: TODAY }, {}, TODAY, false],
    ['a day after its end', {}, { on: end }, TODAY, false],
    ['what was made in the future', {}, { madeAt: NOW + 400 * DAY }, TODAY, false],
    ['a right it never gave', { homeroomId: homeroomId(SCHOOL, 2) }, {}, TODAY, false],
    ['another’s row', {}, { by: 'nurse' }, TODAY, false],
    ['a grant that still holds', { until: addDays(TODAY, 1) }, {}, TODAY, false],
  ])('[AC89] %s', (_what, grant, body, today, expected) => {
    expect(may(grant, body as Partial<Entry>, today)).toBe(expected);
  });

  it('[AC89] over HTTP: expired as planned arrives, taken away waits in the tray', async () => {
    const row = attendance({ by: 'homeroom1', marks: { [pupil]: 'sick' }, on, madeAt });
    town.clock.now = madeAt;
    await town.gateway.parts.accounts.setGrants('homeroom1', [
      grantOf('homeroomTeacher', SCHOOL, { ...homeroom, until: end }),
    ]);
    town.clock.now = NOW;
    const late = attendance({ by: 'homeroom1', marks: { [pupil]: 'late' } });
    const teacher = await town.signIn('homeroom1');
    expect((await teacher.push(stream, row, late)).map(nameOf)).toEqual(['accepted', 'refused:inTray']);
    expect((await teacher.exchange()).head.streams).toEqual({});
    await revoke('nurse');
    const nurse = await town.signIn('nurse');
    const before = attendance({ by: 'nurse', marks: { [pupil]: 'sick' }, on, madeAt });
    expect((await nurse.push(stream, before)).map(nameOf)).toEqual(['refused:inTray']);
  });
});
