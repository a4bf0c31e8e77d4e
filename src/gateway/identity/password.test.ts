import { afterAll, describe, expect, it } from 'vitest';
import { findPasswordProblem } from '../../access/password-rule.ts';
import { createPasswordHasher, generatePassword } from './password.ts';

const hasher = createPasswordHasher({ memorySize: 256, iterations: 1, parallelism: 1 });
afterAll(() => hasher.close());

describe('a password', () => {
  it('[AC30] is kept as an Argon2id string with a salt of its own', async () => {
    const [one, two] = [
      await hasher.hash('雨にも負けず風にも負けず'),
      await hasher.hash('雨にも負けず風にも負けず'),
    ];
    expect(one).toMatch(/^\$argon2id\$v=19\$m=256,t=1,p=1\$/);
    expect(one).not.toBe(two);
    expect(await hasher.verify('雨にも負けず風にも負けず', one)).toBe(true);
    expect(await hasher.verify('雨にも負けず風にも負ける', one)).toBe(false);
  });

  it('is the same however the keyboard composes its characters', async () => {
    const hash = await hasher.hash('カﾞタカナのパスワード１２');
    expect(await hasher.verify('ガタカナのパスワード12', hash)).toBe(true);
  });

  it('[AC32] that nobody has is wrong, after the same work', async () => {
    expect(await hasher.verify('anything at all', null)).toBe(false);
  });

  it('[AC30] has 12 characters, counted as a person does', () => {
    expect(findPasswordProblem('elevenchars')).toBe('passwordTooShort');
    expect(findPasswordProblem('twelve chars')).toBeNull();
    expect(findPasswordProblem('𠮷'.repeat(11))).toBe('passwordTooShort');
    expect(findPasswordProblem('x'.repeat(257))).toBe('passwordTooLong');
  });

  it('made for paper is long enough and not the same twice', () => {
    const passwords = Array.from({ length: 50 }, generatePassword);
    expect(new Set(passwords).size).toBe(50);
    for (const password of passwords)
      expect(password).toMatch(/^(?:[a-hjkmnp-z2-9]{4}-){3}[a-hjkmnp-z2-9]{4}$/);
  });

  it('of many who sign in at once is checked for each', async () => {
    const hash = await hasher.hash('correct horse');
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, i) => hasher.verify(i % 2 ? 'correct horse' : 'wrong horse', hash)),
    );
    expect(results).toEqual(Array.from({ length: 20 }, (_, i) => i % 2 === 1));
  });
});
