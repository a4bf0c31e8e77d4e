import { expect, it } from 'vitest';
import { WriteQueue } from './write-queue.ts';

const later = () => new Promise((resolve) => setTimeout(resolve, 2));

it('does the work of one key in turn, of different keys together', async () => {
  const queue = new WriteQueue();
  const done: string[] = [];
  const work = (name: string) => async () => {
    done.push(`${name} begins`);
    await later();
    done.push(`${name} ends`);
  };
  await Promise.all([queue.run('a', work('a1')), queue.run('a', work('a2')), queue.run('b', work('b1'))]);
  expect(done.filter((line) => line.startsWith('a'))).toEqual([
    'a1 begins',
    'a1 ends',
    'a2 begins',
    'a2 ends',
  ]);
  expect(done.indexOf('b1 begins')).toBeLessThan(done.indexOf('a1 ends'));
});

it('goes on after a failure', async () => {
  const queue = new WriteQueue();
  const failed = queue.run('a', () => Promise.reject(new Error('no')));
  const next = queue.run('a', async () => 'yes');
  await expect(failed).rejects.toThrow('no');
  expect(await next).toBe('yes');
});

it('lets one be alone: after all before, before all after', async () => {
  const queue = new WriteQueue();
  const done: string[] = [];
  const work = (name: string) => async () => {
    await later();
    done.push(name);
  };
  const all = [
    queue.run('a', work('a1')),
    queue.run('b', work('b1')),
    queue.runAlone(work('alone')),
    queue.run('a', work('a2')),
    queue.run('c', work('c1')),
    queue.runAlone(work('alone too')),
  ];
  await Promise.all(all);
  expect(done.indexOf('alone')).toBe(2);
  expect(done.at(-1)).toBe('alone too');
  await queue.idle();
});
