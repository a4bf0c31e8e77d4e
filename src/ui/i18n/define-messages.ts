import { locale, type Locale } from '#ui/i18n/locale.svelte.ts';

// `any[]` only lets a message choose its own parameters; every use is checked against what it chose.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Message = string | ((...params: any[]) => string);

/** The same keys, a sentence for a sentence, a function of the same parameters for a function. */
export type Translation<Source> = {
  readonly [Key in keyof Source]: Source[Key] extends (...params: infer Params) => string
    ? (...params: Params) => string
    : string;
};

/**
 * The sentences of one feature in every language. A missing, an extra or a differently typed English key does
 * not compile. What comes back reads the current locale at each access, so a template that uses `m.key` or
 * `m.key(params)` follows the language switch. Do not destructure it.
 */
export function defineMessages<const Source extends Readonly<Record<string, Message>>>(messages: {
  ja: Source;
  en: Translation<NoInfer<Source>>;
}): Translation<Source> {
  const byLocale: Record<Locale, Readonly<Record<string, Message>>> = messages;
  const accessor = {};
  for (const key of Object.keys(messages.ja)) {
    Object.defineProperty(accessor, key, { enumerable: true, get: () => byLocale[locale.current][key] });
  }
  return Object.freeze(accessor) as Translation<Source>;
}
