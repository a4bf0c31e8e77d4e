import { expect, it } from 'vitest';
import { MAX_CONTACTS } from '#ledger/record-kinds.ts';
import { ContactsDraft } from './contacts-draft.svelte.ts';

const mother = { name: '雨野 恵', kana: 'アメノ メグミ', relation: '母', phone: '090-0000-0001' };

it('[DE123] a telephone number typed in full width is kept as the ledger has it', () => {
  const draft = new ContactsDraft([mother]);
  draft.set(draft.lines[0]?.id ?? 0, 'phone', '０９０－００００－０００２');
  expect(draft.toContacts()).toEqual([{ ...mother, phone: '090-0000-0002' }]);
});

it('says beside the field what is wrong, and not before somebody tried to save', () => {
  const draft = new ContactsDraft([]);
  const [line] = draft.lines;
  if (!line) throw new Error('an empty form has a line');
  draft.set(line.id, 'phone', 'x');
  expect(draft.errorOf(line, 'name')).toBeUndefined();
  expect(draft.toContacts()).toBeNull();
  expect(draft.errorOf(line, 'name')).toBeDefined();
  expect(draft.errorOf(line, 'phone')).toBeDefined();
  expect(draft.errorOf(line, 'kana')).toBeUndefined();
});

it('leaves out lines that nothing was written into, and has room for as many as a school calls', () => {
  const draft = new ContactsDraft([mother]);
  while (draft.canAdd) draft.add();
  expect(draft.lines).toHaveLength(MAX_CONTACTS);
  expect(draft.toContacts()).toEqual([mother]);
  expect(new Set(draft.lines.map(({ id }) => id)).size).toBe(draft.lines.length);
});
