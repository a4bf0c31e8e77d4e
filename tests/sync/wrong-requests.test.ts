import { beforeAll, describe, expect, it } from 'vitest';
import { streamKey } from '../../src/ledger/stream.ts';
import { PERSON_HEADER } from '../../src/sync/protocol.ts';
import { attendance, pupilId, SCHOOL, stream } from '../../src/gateway/testing/small-town.ts';
import type { TestClient } from '../../src/gateway/testing/test-client.ts';
import { TestGateway } from '../../src/gateway/testing/test-gateway.ts';

const key = streamKey(stream);

let town: TestGateway;
let nurse: TestClient;
beforeAll(async () => {
  town = await TestGateway.open();
  nurse = await town.signIn('nurse');
});

const state = { count: 0, digest: '0'.repeat(32) };
const good = () => nurse.requestOf();

describe('a request that is wrong', () => {
  it.each<[string, () => unknown, number, string]>([
    ['is empty', () => '', 400, 'badJson'],
    ['is no JSON', () => '{"protocol":1', 400, 'badJson'],
    ['is a number', () => 7, 400, 'badRequest'],
    ['is null', () => null, 400, 'badRequest'],
    ['has no protocol', () => ({ ...good(), protocol: undefined }), 400, 'badRequest'],
    ['has a field too many', () => ({ ...good(), extra: 1 }), 400, 'badRequest'],
    ['has a list for streams', () => ({ ...good(), streams: [] }), 400, 'badRequest'],
    [
      'has a negative count',
      () => ({ ...good(), streams: { [key]: { ...state, count: -1 } } }),
      400,
      'badRequest',
    ],
    [
      'has a count that is no integer',
      () => ({ ...good(), streams: { [key]: { ...state, count: 0.5 } } }),
      400,
      'badRequest',
    ],
    [
      'has a bad digest',
      () => ({ ...good(), streams: { [key]: { ...state, digest: 'x' } } }),
      400,
      'badRequest',
    ],
    ['has a bad token', () => ({ ...good(), compare: { [key]: { '2026-06': ['x:y'] } } }), 400, 'badRequest'],
    ['has a bad period', () => ({ ...good(), compare: { [key]: { '../..': [] } } }), 400, 'badRequest'],
    ['has a bad device', () => ({ ...good(), device: 'a b' }), 400, 'badRequest'],
    [
      'names its stream by a number',
      () => ({ ...good(), push: [{ stream: 1, entry: {} }] }),
      400,
      'badRequest',
    ],
    ['is of a newer protocol', () => ({ ...good(), protocol: 2, anything: 'goes' }), 426, 'wrongProtocol'],
    ['is of an older protocol', () => ({ ...good(), protocol: 0 }), 426, 'wrongProtocol'],
  ])('[SY50] because it %s is answered with its code', async (_, body, status, code) => {
    const answer = await nurse.send('POST', '/api/exchange', body() ?? 'null');
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([status, code]);
  });

  it('[SY50] because it is of another protocol is told so in a sentence of both languages', async () => {
    const answer = await nurse.send('POST', '/api/exchange', { ...good(), protocol: 99 });
    const { sentence } = (await answer.json()) as { sentence: { ja: string; en: string } };
    expect(sentence.ja).toContain('版');
    expect(sentence.en).toContain('version');
  });

  it('[SY50] because it is not JSON by its header, or compressed, is answered 415', async () => {
    for (const headers of [
      { 'content-type': 'text/plain' },
      { 'content-type': 'application/x-www-form-urlencoded' },
      { 'content-type': 'application/jsonp' },
      { 'content-encoding': 'gzip' },
    ]) {
      expect((await nurse.send('POST', '/api/exchange', good(), headers as never)).status).toBe(415);
    }
  });

  it('[SY53] because it is in another person’s name than the session’s is answered 401 and changes nothing', async () => {
    const entry = attendance({ by: 'nurse', marks: { [pupilId(SCHOOL, 1, 1)]: 'sick' } });
    const push = [{ stream: key, entry }];
    const send = (person: string) =>
      nurse.send('POST', '/api/exchange', { ...good(), push }, { [PERSON_HEADER]: person });
    const answer = await send('somebody-else');
    expect([answer.status, await answer.json()]).toEqual([401, { code: 'signedOut' }]);
    expect(await town.store.getEntries(stream.db, [entry._id])).toEqual([null]);
  });

  it('[SY52] because it pushes more than 200 entries is refused before any is judged', async () => {
    const entry = attendance({ by: 'nurse', marks: { [pupilId(SCHOOL, 1, 1)]: 'sick' } });
    const push = Array.from({ length: 201 }, () => ({ stream: key, entry }));
    expect((await nurse.send('POST', '/api/exchange', { ...good(), push })).status).toBe(400);
    expect(await town.store.getEntries(stream.db, [entry._id])).toEqual([null]);
  });

  it('[SY50] with odd names in it is answered like any other', async () => {
    const body = `{"protocol":1,"app":"x","device":"d","streams":{"__proto__":{"count":1,"digest":"${'0'.repeat(32)}"},"constructor":{"count":1,"digest":"${'0'.repeat(32)}"}},"compare":{"__proto__":{}},"push":[{"stream":"__proto__","entry":{"__proto__":{"erased":true}}},{"stream":"${key}","entry":{"erased":true}},{"stream":"${key}","entry":{"_id":{},"erased":1}},{"stream":"${key}","entry":{"_id":"\\ud800"}}]}`;
    const answer = await nurse.send('POST', '/api/exchange', body);
    expect(answer.status).toBe(200);
  });

  it('[SY51] has changed nothing', async () => {
    expect((await town.gateway.parts.streams.open(stream)).index.state.count).toBe(9);
    expect(await town.store.listDatabases()).toEqual([
      'accounts-test',
      'audit-test',
      'register-s1-2026',
      'register-s2-2026',
    ]);
  });
});
