import '#device/testing/browser-storage.ts';
import { afterEach, expect, it, vi } from 'vitest';
import { officialApi } from './official-api.ts';

const answer = {
  record: {
    officialFamilyName: '雨野',
    officialGivenName: '児童',
    kanaFamilyName: '',
    kanaGivenName: '',
    birthDate: '2019-06-01',
    address: '千葉県大網白里市 0-0',
    guardian: { name: '', kana: '', address: null },
    admission: { type: 'admission', on: '2026-04-06', gradeLevel: 'P1', from: '' },
  },
  painted: ['official:0000-00:studentRecord:0'],
  writtenByName: null,
  writtenAt: null,
  canWrite: false,
};

afterEach(() => vi.unstubAllGlobals());

it('[DE125] a record is asked for past every cache, and leaves nothing in the browser’s storage', async () => {
  const asked: { path: string; init: RequestInit }[] = [];
  const stored: string[] = [];
  const store = { setItem: (key: string) => stored.push(key), getItem: () => null };
  vi.stubGlobal('localStorage', store);
  vi.stubGlobal('sessionStorage', store);
  vi.stubGlobal('caches', { open: (name: string) => stored.push(name) });
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    asked.push({ path, init });
    return Response.json(answer, { headers: { 'cache-control': 'no-store' } });
  });
  const before = await indexedDB.databases();
  expect(await officialApi.read('S1', 's1-h1-p1')).toEqual({ ok: true, value: answer });
  expect(asked).toMatchObject([
    { path: '/api/official?school=S1&student=s1-h1-p1', init: { method: 'GET', cache: 'no-store' } },
  ]);
  expect(stored).toEqual([]);
  expect(await indexedDB.databases()).toEqual(before);
});

it('[DE125] an answer that is no record shows nothing', async () => {
  vi.stubGlobal('fetch', async () => Response.json({ ...answer, record: { address: 'x' } }));
  expect(await officialApi.read('S1', 'x')).toMatchObject({ ok: false, code: 'serverTrouble' });
});
