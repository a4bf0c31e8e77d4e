import { fillDisk } from './testing/full-disk.ts';
import { afterEach, expect, test, vi } from 'vitest';
import { DiskWatch } from './disk-watch.ts';

const LOOK_AGAIN_MS = 5;
let makeRoom = () => {};

afterEach(() => makeRoom());

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test('[DE82] while the disk is full it looks by itself, and tells each change once', async () => {
  const told: boolean[] = [];
  const watch = new DiskWatch(() => told.push(watch.isFull), LOOK_AGAIN_MS);
  expect(await watch.look()).toBeNull();
  expect(told).toEqual([]);

  makeRoom = fillDisk();
  await pause(10 * LOOK_AGAIN_MS);
  expect(told).toEqual([]);
  expect(await watch.look()).toBe('storageFull');
  await pause(10 * LOOK_AGAIN_MS);
  expect(told).toEqual([true]);

  makeRoom();
  await vi.waitFor(() => expect(told).toEqual([true, false]));
});

test('[DE82] a write that found no room starts the looking', async () => {
  const watch = new DiskWatch(() => undefined, LOOK_AGAIN_MS);
  watch.noteFull();
  expect(watch.isFull).toBe(true);
  await vi.waitFor(() => expect(watch.isFull).toBe(false));
});
