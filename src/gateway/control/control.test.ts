import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Entry } from '../../ledger/entry.ts';
import { attendance, PASSWORD, pupilId, SCHOOL, stream } from '../testing/small-town.ts';
import { TestGateway } from '../testing/test-gateway.ts';
import type { CommandRequest } from './command.ts';
import { askRunningGateway } from './control-client.ts';
import { controlPath } from './control-path.ts';
import { serveControl } from './control-server.ts';

let dataDir: string;
let town: TestGateway;
let control: { close(): Promise<void> };

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'amenimo-control-'));
  town = await TestGateway.open();
  control = await serveControl(dataDir, town.gateway.parts);
});
afterEach(async () => {
  await control.close();
  await rm(dataDir, { recursive: true, force: true });
});

async function run(
  line: string,
  more: Partial<CommandRequest> = {},
): Promise<{ exit: number | null; lines: string[] }> {
  const [command = '', ...words] = line.split(' ');
  const lines: string[] = [];
  const request: CommandRequest = { command, words, options: {}, language: 'en', input: null, ...more };
  const exit = await askRunningGateway(dataDir, request, (each) => lines.push(each));
  return { exit, lines };
}

describe('the command line through a running gateway', () => {
  it.skipIf(process.platform === 'win32')('goes through a socket of this user alone', async () => {
    expect((await stat(controlPath(dataDir))).mode & 0o777).toBe(0o600);
  });

  it('is told where none is running', async () => {
    await control.close();
    expect((await run('city')).exit).toBeNull();
    control = await serveControl(dataDir, town.gateway.parts);
    expect((await run('city')).exit).toBe(0);
  });

  it('shows the city and a school', async () => {
    const city = await run('city', { language: 'ja' });
    expect(city.lines[0]).toMatch(/^学校\s+名称/);
    expect(city.lines).toHaveLength(3);
    expect((await run('school s1')).lines.join('\n')).toMatch(/s1-h1\s+1年1組\s+3/);
    expect((await run('school s9')).exit).toBe(1);
    expect((await run('school')).exit).toBe(2);
    expect((await run('nonsense')).exit).toBe(2);
    expect((await run('toString')).exit).toBe(2);
  });

  it('makes, locks and unlocks accounts, and ends sessions', async () => {
    const options = { name: '新任', role: 'homeroomTeacher', school: 's1', homeroom: 's1-h1' };
    const made = await run('account create t9', { options });
    const password = made.lines[0]?.split('  ')[1] ?? '';
    const client = town.client();
    expect((await client.signIn('t9', password)).status).toBe(200);
    expect((await run('account sessions t9')).lines).toHaveLength(2);
    expect((await run('account lock t9')).exit).toBe(0);
    expect((await client.send('GET', '/api/session')).status).toBe(401);
    expect((await town.client().signIn('t9', password)).status).toBe(401);
    await run('account unlock t9');
    await run('account password t9', { input: PASSWORD });
    expect((await town.client().signIn('t9', PASSWORD)).status).toBe(200);
    expect((await run('account create t9', { options })).lines).toEqual(['That login is taken.']);
    expect((await run('account lock nobody-here')).exit).toBe(1);
    expect((await run('account create t8', { options: { role: 'principal' } })).exit).toBe(2);
    expect((await run('account list')).lines.join('\n')).toContain('homeroomTeacher:S1:s1-h1');
  });
});

describe('the roles of the command line', () => {
  it('take a grade level, a class, or neither', async () => {
    const school = { name: '主任', school: 's1' };
    const create = async (login: string, options: Record<string, string>): Promise<number | null> =>
      (await run(`account create ${login}`, { options: { ...school, ...options } })).exit;
    expect(await create('lead', { role: 'gradeLevelLead', 'grade-level': 'P3' })).toBe(0);
    expect(await create('affairs', { role: 'academicAffairs' })).toBe(0);
    expect(await create('music', { role: 'subjectTeacher', class: 'music-1' })).toBe(0);
    expect((await run('account list')).lines.join('\n')).toMatch(
      /academicAffairs:S1:<[\s\S]*gradeLevelLead:S1:P3:<[\s\S]*subjectTeacher:S1:music-1:</,
    );
    expect(await create('lead2', { role: 'gradeLevelLead' })).toBe(2);
    expect(await create('lead3', { role: 'gradeLevelLead', 'grade-level': 'P9' })).toBe(2);
    expect(await create('nurse2', { role: 'schoolNurse', 'grade-level': 'P1' })).toBe(2);
    expect(await create('nurse3', { role: 'schoolNurse', class: 'music-1' })).toBe(2);
  });
});

describe('verify', () => {
  it('finds nothing in a register as the gateway keeps it', async () => {
    const nurse = await town.signIn('nurse');
    const entry = attendance({ by: 'nurse', marks: { [pupilId(SCHOOL, 1, 1)]: 'sick' } });
    await nurse.push(stream, entry);
    const principal = await town.signIn('principal');
    const erasure = { stream: 'register-s1-2026/register', id: entry._id, why: '誤記' };
    expect((await principal.send('POST', '/api/erasure', erasure)).status).toBe(200);
    const { exit, lines } = await run('verify');
    expect(lines.at(-1)).toBe('Nothing wrong was found.');
    expect(exit).toBe(0);
  });

  it('finds a changed body, a forged and a missing stamp, and a replaced entry that is gone', async () => {
    const nurse = await town.signIn('nurse');
    const marks = [1, 2, 3].map((p) =>
      attendance({ by: 'nurse', marks: { [pupilId(SCHOOL, 1, p)]: 'sick' } }),
    );
    const [first, second, third] = marks as [Entry, Entry, Entry];
    const fourth = attendance({ by: 'nurse', marks: { [pupilId(SCHOOL, 1, 1)]: 'late' }, over: [first._id] });
    await nurse.push(stream, ...marks, fourth);
    town.store.tamper(stream.db, (entries) => {
      const changed = entries.get(second._id) as Entry;
      entries.set(second._id, { ...changed, madeAt: changed.madeAt + 1 });
      const forged = entries.get(third._id) as Entry;
      entries.set(third._id, { ...forged, received: { ...forged.received, n: 1 } as never });
      const { received: _, ...bare } = entries.get(fourth._id) as Entry;
      entries.set(fourth._id, bare);
      entries.delete(first._id);
    });
    const { exit, lines } = await run('verify');
    const found = lines.filter((line) => line.startsWith('  ')).map((line) => line.trim().split(/\s+/)[0]);
    expect(found.sort()).toEqual(['badEntry', 'forgedStamp', 'missingOver', 'unstamped']);
    expect(exit).toBe(1);
  });
});
