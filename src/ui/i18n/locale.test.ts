import { describe, expect, it } from 'vitest';
import { LocaleState } from '#ui/i18n/locale.svelte.ts';

function storageOf(kept: Record<string, string> = {}) {
  const items = new Map(Object.entries(kept));
  return {
    items,
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
  };
}

describe('LocaleState', () => {
  it('is Japanese until somebody chooses', () => {
    const locale = new LocaleState();
    const root = { lang: '' };
    locale.start(storageOf(), root);
    expect([locale.current, root.lang]).toEqual(['ja', 'ja']);
  });

  it('sets the page, keeps the choice and takes it up again', () => {
    const storage = storageOf();
    const root = { lang: '' };
    const locale = new LocaleState();
    locale.start(storage, root);
    locale.choose('en');
    expect([locale.current, root.lang]).toEqual(['en', 'en']);
    const next = new LocaleState();
    next.start(storage, root);
    expect(next.current).toBe('en');
  });

  it('ignores a kept value that is no locale', () => {
    const locale = new LocaleState();
    locale.start(storageOf({ 'amenimo.locale': 'tlh' }), { lang: '' });
    expect(locale.current).toBe('ja');
  });

  it('works where the browser refuses storage', () => {
    const refuse = () => {
      throw new DOMException('denied', 'SecurityError');
    };
    const locale = new LocaleState();
    locale.start({ getItem: refuse, setItem: refuse }, { lang: '' });
    locale.choose('en');
    expect(locale.current).toBe('en');
  });
});
