import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Toasts } from '#ui/toasts.svelte.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const messages = (queue: Toasts) => queue.items.map((toast) => toast.message);

describe('Toasts', () => {
  it('go by themselves, later when there is something to do', () => {
    const queue = new Toasts();
    queue.show('plain');
    queue.show('with undo', { action: { label: 'undo', onclick: () => {} } });
    vi.advanceTimersByTime(6_000);
    expect(messages(queue)).toEqual(['with undo']);
    vi.advanceTimersByTime(6_000);
    expect(messages(queue)).toEqual([]);
  });

  it('wait while looked at', () => {
    const queue = new Toasts();
    queue.show('read me');
    queue.pause();
    queue.show('and me');
    vi.advanceTimersByTime(60_000);
    expect(messages(queue)).toEqual(['read me', 'and me']);
    queue.resume();
    vi.advanceTimersByTime(6_000);
    expect(messages(queue)).toEqual([]);
  });

  it('never stand more than three high, and start afresh after a pause was left by dismissal', () => {
    const queue = new Toasts();
    for (const text of ['a', 'b', 'c', 'd']) queue.show(text);
    expect(messages(queue)).toEqual(['b', 'c', 'd']);
    queue.pause();
    for (const toast of queue.items) queue.dismiss(toast.id);
    queue.show('e');
    vi.advanceTimersByTime(6_000);
    expect(messages(queue)).toEqual([]);
  });
});
