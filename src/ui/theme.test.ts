import { describe, expect, it } from 'vitest';
import { Theme } from '#ui/theme.svelte.ts';

/** As much of a document as the theme touches. */
function fakeDocument() {
  const element = (attributes: Record<string, string>) => ({
    attributes,
    getAttribute: (name: string) => attributes[name] ?? null,
    setAttribute: (name: string, value: string) => void (attributes[name] = value),
    removeAttribute: (name: string) => void delete attributes[name],
  });
  const root = element({});
  const light = element({ media: '(prefers-color-scheme: light)', content: '' });
  const dark = element({ media: '(prefers-color-scheme: dark)', content: '' });
  const document = { documentElement: root, querySelectorAll: () => [light, dark] } as unknown as Document;
  return { document, root, bars: () => [light.attributes['content'], dark.attributes['content']] };
}

function storageOf(kept?: string) {
  let value = kept ?? null;
  return { getItem: () => value, setItem: (_key: string, next: string) => void (value = next) };
}

describe('Theme', () => {
  it('follows the device until somebody chooses', () => {
    const { document, root, bars } = fakeDocument();
    const theme = new Theme();
    theme.start(storageOf(), document);
    expect(theme.choice).toBe('auto');
    expect(root.attributes).toEqual({});
    expect(bars()).toEqual(['#fffdf9', '#151f2d']);
  });

  it('marks the page and the bar, keeps the choice, and takes it back', () => {
    const { document, root, bars } = fakeDocument();
    const storage = storageOf();
    const theme = new Theme();
    theme.start(storage, document);
    theme.choose('dark');
    expect(root.attributes['data-theme']).toBe('dark');
    expect(bars()).toEqual(['#151f2d', '#151f2d']);

    const next = new Theme();
    next.start(storage, document);
    expect(next.choice).toBe('dark');
    next.choose('auto');
    expect(root.attributes['data-theme']).toBeUndefined();
    expect(bars()).toEqual(['#fffdf9', '#151f2d']);
  });

  it('ignores a kept value that is no choice', () => {
    const theme = new Theme();
    theme.start(storageOf('sepia'), fakeDocument().document);
    expect(theme.choice).toBe('auto');
  });
});
