import { describe, expect, it } from 'vitest';
import { LockOut } from './lock-out.ts';

describe('the lock-out', () => {
  function open() {
    const clock = { now: 1_000_000 };
    const lockOut = new LockOut(() => clock.now);
    /** A wrong password: the wait that was asked for, 0 where it was looked at. */
    const fail = (login: string, address: string): number => {
      const wait = lockOut.begin(login, address);
      if (wait === 0) lockOut.end(login, address, false);
      return wait;
    };
    return { clock, lockOut, fail };
  }

  it('[AC31] lets five tries go, then asks to wait, each time longer, at most an hour', () => {
    const { clock, fail } = open();
    const waits: number[] = [];
    for (let i = 0; i < 16; i++) {
      const wait = fail('login', 'here');
      waits.push(wait);
      clock.now += wait * 1000;
      if (wait > 0) expect(fail('login', 'here')).toBe(0);
    }
    expect(waits.slice(0, 5)).toEqual([0, 0, 0, 0, 0]);
    expect(waits.slice(5)).toEqual([15, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]);
  });

  it('[AC31] lets one login sign in on many devices at once, but behind a wait one try at a time', () => {
    const { clock, lockOut, fail } = open();
    const atOnce = Array.from({ length: 60 }, () => lockOut.begin('login', 'here'));
    expect(atOnce.filter((wait) => wait === 0)).toHaveLength(50);
    for (let i = 0; i < 50; i++) lockOut.end('login', 'here', false);
    expect(lockOut.begin('login', 'here')).toBe(3600);
    clock.now += 3_600_000;
    const behind = Array.from({ length: 60 }, () => lockOut.begin('login', 'here'));
    expect(behind.filter((wait) => wait === 0)).toHaveLength(1);
    lockOut.end('login', 'here', true);
    expect(fail('login', 'here')).toBe(0);
  });

  it('[AC31] holds up neither another address nor another login, but a network as one', () => {
    const { fail } = open();
    for (let i = 0; i < 9; i++) fail('login', '2001:db8:1:2::1');
    expect(fail('login', '2001:db8:1:2:ffff::9')).toBeGreaterThan(0);
    expect(fail('login', '2001:db8:1:3::1')).toBe(0);
    expect(fail('login', '192.0.2.7')).toBe(0);
    expect(fail('other', '2001:db8:1:2::1')).toBe(0);
  });

  it('forgets after the right password, and after a day', () => {
    const { clock, lockOut, fail } = open();
    for (let i = 0; i < 4; i++) fail('login', 'here');
    lockOut.begin('login', 'here');
    lockOut.end('login', 'here', true);
    for (let i = 0; i < 5; i++) expect(fail('login', 'here')).toBe(0);
    expect(fail('login', 'here')).toBe(15);
    clock.now += 86_400_000;
    for (let i = 0; i < 5; i++) expect(fail('login', 'here')).toBe(0);
  });
});
