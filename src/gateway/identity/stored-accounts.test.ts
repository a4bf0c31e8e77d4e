import { beforeEach, describe, expect, it } from 'vitest';
import { MemoryStore } from '../store/memory-store.ts';
import { plainHasher } from '../testing/plain-hasher.ts';
import { grantOf, NOW, PASSWORD, SCHOOL, TODAY } from '../testing/small-town.ts';
import { StoredAccounts } from './stored-accounts.ts';

const db = 'accounts-test';
let store: MemoryStore;
let accounts: StoredAccounts;
const open = () => new StoredAccounts({ store, db, hasher: plainHasher, now: () => NOW });
const person = { personId: 'p1', login: 'T0001', name: '雨野 先生', grants: [grantOf('principal', SCHOOL)] };

beforeEach(async () => {
  store = new MemoryStore();
  await store.ensureDatabase(db);
  accounts = open();
});

describe('an account', () => {
  it('is found by its login in either case and width, and by its person', async () => {
    expect(await accounts.createAccount(person)).toMatchObject({ ok: true });
    for (const login of ['t0001', 'T0001', ' ｔ０００１ ']) {
      expect(await open().findByLogin(login)).toMatchObject({ personId: 'p1', passwordHash: null });
    }
    expect(await open().findByPerson('p1')).toMatchObject({ login: 't0001' });
    for (const login of ['t0002', '', '__proto__', 'a b', 'あ'])
      expect(await accounts.findByLogin(login)).toBeNull();
  });

  it('shares neither login nor person with another, also not at the same moment', async () => {
    await accounts.createAccount(person);
    const code = async (input: Parameters<typeof accounts.createAccount>[0]) => {
      const result = await accounts.createAccount(input);
      return result.ok ? 'ok' : result.code;
    };
    expect(await code({ ...person, personId: 'p2' })).toBe('loginTaken');
    expect(await code({ ...person, login: 't0009' })).toBe('personTaken');
    expect(await code({ ...person, personId: 'p9', login: 't0009' })).toBe('ok');
    const both = ['a', 'b'].map((personId) => code({ ...person, personId, login: 'same' }));
    expect((await Promise.all(both)).sort()).toEqual(['loginTaken', 'ok']);
  });

  it('left half made by a crash is finished by making it again', async () => {
    await store.putRecord(db, { _id: 'login:t0001', personId: 'p1' });
    expect(await accounts.findByLogin('t0001')).toBeNull();
    expect(await accounts.createAccount(person)).toMatchObject({ ok: true });
    expect(await accounts.findByLogin('t0001')).not.toBeNull();
  });

  it.each([
    ['badLogin', { ...person, login: 'a b' }],
    ['badLogin', { ...person, login: '' }],
    ['badAccount', { ...person, personId: '../x' }],
    ['badAccount', { ...person, name: '' }],
    ['badAccount', { ...person, grants: [{ ...grantOf('principal', SCHOOL), role: 'king' as never }] }],
    ['passwordTooShort', { ...person, password: 'short' }],
  ])('is refused as %s', async (code, input) => {
    expect(await accounts.createAccount(input)).toEqual({ ok: false, code });
    expect(await accounts.listAccounts()).toEqual([]);
  });

  it('changes for all who listen, and only where it exists', async () => {
    await accounts.createAccount(person);
    const seen: (number | null)[] = [];
    accounts.onChange((account) => seen.push(account.lockedAt));
    expect(await accounts.setLocked('p1', true)).toMatchObject({ ok: true });
    expect(await accounts.setLocked('p1', false)).toMatchObject({ ok: true });
    expect(seen).toEqual([NOW, null]);
    expect(await accounts.setPassword('p1', PASSWORD)).toMatchObject({ ok: true });
    expect(await accounts.setPassword('p1', 'short')).toEqual({ ok: false, code: 'passwordTooShort' });
    expect(await accounts.setLocked('p2', true)).toEqual({ ok: false, code: 'unknownAccount' });
  });

  it('keeps a grant that is taken away as one that ended today', async () => {
    await accounts.createAccount(person);
    const next = [grantOf('officeStaff', SCHOOL)];
    await accounts.setGrants('p1', next);
    await accounts.setGrants('p1', next);
    const account = await open().findByPerson('p1');
    expect(account?.grants).toEqual([
      ...next,
      { ...grantOf('principal', SCHOOL, { until: TODAY }), revoked: true },
    ]);
  });
});
