import { describe, expect, it } from 'vitest';
import { LockOut } from './lock-out.ts';

describe('the lock-out', () => {
  function open() {
    const clock = { now: 1_000_000 };
    return { clock, lockOut: new LockOut(() => clock.now) };
  }

  it('[AC31] lets five tries go, then asks to wait, each time longer, at most an hour', () => {
    const { clock, lockOut } = open();
    const waits: number[] = [];
    for (let i = 0; i < 16; i++) {
      const wait = lockOut.begin('login', 'here');
      waits.push(wait);
      clock.now += wait * 1000;
      if (wait > 0) expect(lockOut.begin('login', 'here')).toBe(0);
    }
    expect(waits.slice(0, 5)).toEqual([0, 0, 0, 0, 0]);
    expect(waits.slice(5)).toEqual([15, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]);
  });

  it('[AC31] counts tries at once as several', () => {
    const { lockOut } = open();
    const waits = Array.from({ length: 100 }, () => lockOut.begin('login', 'here'));
    expect(waits.filter((wait) => wait === 0)).toHaveLength(5);
  });

  it('[AC31] holds up neither another address nor another login, but a network as one', () => {
    const { lockOut } = open();
    for (let i = 0; i < 9; i++) lockOut.begin('login', '2001:db8:1:2::1');
    expect(lockOut.begin('login', '2001:db8:1:2:ffff::9')).toBeGreaterThan(0);
    expect(lockOut.begin('login', '2001:db8:1:3::1')).toBe(0);
    expect(lockOut.begin('login', '192.0.2.7')).toBe(0);
    expect(lockOut.begin('other', '2001:db8:1:2::1')).toBe(0);
  });

  it('forgets after the right password, and after a day', () => {
    const { clock, lockOut } = open();
    for (let i = 0; i < 5; i++) lockOut.begin('login', 'here');
    lockOut.clear('login', 'here');
    expect(lockOut.begin('login', 'here')).toBe(0);
    for (let i = 0; i < 9; i++) lockOut.begin('login', 'here');
    clock.now += 86_400_000;
    expect(lockOut.begin('login', 'here')).toBe(0);
  });
});
