import { afterEach, describe, expect, it } from 'vitest';
import { defineMessages } from '#ui/i18n/define-messages.ts';
import { locale } from '#ui/i18n/locale.svelte.ts';

const m = defineMessages({
  ja: {
    save: '保存',
    count: ({ count }: { count: number }) => `${count}人`,
    pair: (name: string, times: number) => `${name}を${times}回`,
  },
  en: {
    save: 'Save',
    count: ({ count }) => (count === 1 ? '1 person' : `${count} people`),
    pair: (name, times) => `${name} ${times} times`,
  },
});

afterEach(() => locale.choose('ja'));

describe('defineMessages', () => {
  it('speaks the current locale at each access', () => {
    expect(m.save).toBe('保存');
    expect(m.count({ count: 2 })).toBe('2人');
    locale.choose('en');
    expect(m.save).toBe('Save');
    expect(m.count({ count: 1 })).toBe('1 person');
    expect(m.pair('x', 2)).toBe('x 2 times');
  });

  it('lists its keys and takes no writes', () => {
    expect(Object.keys(m)).toEqual(['save', 'count', 'pair']);
    expect(() => Object.assign(m, { save: 'x' })).toThrow(TypeError);
  });

  it('does not compile with a missing, extra or differently typed key', () => {
    const ja = { save: '保存', count: (count: number) => `${count}人` } as const;
    const count = (n: number) => `${n}`;
    // @ts-expect-error a key is missing
    defineMessages({ ja, en: { save: 'Save' } });
    // @ts-expect-error a key too many
    defineMessages({ ja, en: { save: 'Save', count, more: 'More' } });
    // @ts-expect-error a sentence where a function belongs
    defineMessages({ ja, en: { save: 'Save', count: 'people' } });
    // @ts-expect-error a function where a sentence belongs
    defineMessages({ ja, en: { save: () => 'Save', count } });
    // @ts-expect-error other parameters
    defineMessages({ ja, en: { save: 'Save', count: (n: string) => n } });
    // @ts-expect-error a use with the wrong parameter
    expect(m.count({ total: 1 })).toContain('undefined');
    // @ts-expect-error an unknown key
    expect(m.cancel).toBeUndefined();
  });
});
