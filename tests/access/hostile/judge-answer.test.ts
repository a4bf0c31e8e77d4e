import { beforeAll, describe, expect, it } from 'vitest';
import {
  attendance,
  OTHER_SCHOOL,
  otherStream,
  pupilId,
  SCHOOL,
} from '../../../src/gateway/testing/small-town.ts';
import { streamKey } from '../../../src/ledger/stream.ts';
import { OWN_JSON, toRequest } from './hostile-request.ts';
import { openHostileTown, type HostileTown, type Persona } from './hostile-town.ts';
import { findFault, findLeak, findWrongWrite, readAnswer } from './judge-answer.ts';
import { reduceRequest } from './reduce-request.ts';

let town: HostileTown;
beforeAll(async () => {
  town = await openHostileTown();
});

const persona = (name: string): Persona => town.personas.find((each) => each.name === name) as Persona;

/** What a teacher of the other school gets, with all blocks unpacked. */
async function otherSchoolsAnswer() {
  const teacher = await town.gateway.signIn('kanaria-teacher');
  const answer = await teacher.send('POST', '/api/exchange', teacher.requestOf());
  return readAnswer(answer, new Map());
}

describe('the judge of a hostile run', () => {
  it('[AC14] finds another school’s register in an answer, packed as it is', async () => {
    const answer = await otherSchoolsAnswer();
    expect(findFault(answer, persona('homeroom1'), town.canaries)).toBe(`a pupil of ${OTHER_SCHOOL}`);
    expect(findFault(answer, persona('stranger'), town.canaries)).toBe(`a pupil of ${OTHER_SCHOOL}`);
    const own = { ...persona('homeroom1'), schools: [OTHER_SCHOOL] };
    expect(findFault(answer, own, town.canaries)).toBeNull();
  });

  it('[AC14] finds a hash, somebody’s login, a token and a key by themselves', () => {
    const { canaries } = town;
    const [hash = ''] = canaries.hashes[OTHER_SCHOOL] ?? [];
    expect(findLeak(`x${hash}x`, persona('nurse'), canaries)).toBe(`an entry's hash of ${OTHER_SCHOOL}`);
    expect(findLeak('kanaria-principal', persona('nurse'), canaries)).toBe(`somebody of ${OTHER_SCHOOL}`);
    expect(findLeak('kanaria-principal', persona('system'), canaries)).toBeNull();
    expect(canaries.secrets).toHaveLength(12);
    for (const secret of canaries.secrets)
      expect(findLeak(`…${secret}…`, persona('system'), canaries)).toBe('a secret in an answer');
  });

  it('finds a fault of the server, a kept answer, a foreign address and a refusal without a code', async () => {
    const judge = async (answer: Response): Promise<string | null> =>
      findFault(await readAnswer(answer, new Map()), persona('nurse'), town.canaries);
    const headers = { 'Cache-Control': 'no-store' };
    expect(await judge(new Response('{"code":"internal"}', { status: 500, headers }))).toBe('status 500');
    expect(await judge(new Response('{}'))).toBe('an answer that a cache may keep');
    expect(await judge(new Response('sorry', { status: 404, headers }))).toBe('a refusal without its code');
    const away = (to: string) =>
      judge(new Response('', { status: 302, headers: { ...headers, location: to } }));
    for (const to of ['https://evil.test/', '//evil.test', '/\\evil.test', 'javascript:1'])
      expect(await away(to)).toBe('sent to another place');
    expect(await away('/register')).toBeNull();
    const verdict = '{"verdicts":[{"id":"","verdict":"later","code":"internal"}]}';
    expect(await judge(new Response(verdict, { headers }))).toBe('an incident');
  });

  it('[SY51] finds a row of another school, and a record written in spite of a refusal', async () => {
    const nurse = persona('nurse');
    town.gateway.store.takeWrites();
    await town.gateway.writeAround(otherStream, [
      attendance({ by: 'import', of: otherStream, marks: { [pupilId(OTHER_SCHOOL, 1, 1)]: 'sick' } }),
    ]);
    const writes = town.gateway.store.takeWrites();
    expect(findWrongWrite(writes, 200, nurse)).toBe(`a write to ${otherStream.db}`);
    await town.gateway.addPerson('kanaria-new', []);
    const account = town.gateway.store.takeWrites();
    expect(findWrongWrite(account, 403, nurse)).toMatch(/^refused with 403/);
    expect(findWrongWrite(account, 200, nurse)).toMatch(/^a foreign person/);
    expect(findWrongWrite(account, 200, persona('stranger'))).toMatch(/^a stranger wrote/);
  });

  it('is shown the smallest request that still fails', async () => {
    const row = {
      stream: streamKey(otherStream),
      entry: { kind: 'attendance', why: 'canary in a long text' },
    };
    const request = {
      attack: 'a test',
      persona: 'nurse',
      method: 'POST',
      path: '/api/exchange?x=1',
      headers: OWN_JSON,
      body: JSON.stringify({ protocol: 1, push: [row, row, { stream: SCHOOL, entry: null }] }),
    };
    expect(toRequest(request, null)).not.toBeNull();
    const smallest = await reduceRequest(request, async ({ body }) => String(body).includes('canary'));
    expect(smallest).toMatchObject({ path: '/api/exchange', headers: {} });
    expect(String(smallest.body).length).toBeLessThan(60);
  });
});
