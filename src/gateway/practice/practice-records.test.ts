import { expect, it } from 'vitest';
import { foldEntries } from '../../ledger/fold.ts';
import { checkEntry } from '../../ledger/entry.ts';
import { readRoster } from '../../ledger/register-view.ts';
import { streamKey } from '../../ledger/stream.ts';
import { rosterEntries, SCHOOL, YEAR } from '../testing/small-town.ts';
import { practiceRecords } from './practice-records.ts';

const roster = readRoster(foldEntries(rosterEntries(SCHOOL)), YEAR);
const make = (seed: string) => practiceRecords({ seed, schoolCode: SCHOOL, roster });

it('invents contacts and a record for every pupil, where they belong, as sound entries', () => {
  const made = make('seed');
  expect(made.map(({ stream, entries }) => [streamKey(stream), entries.length])).toEqual([
    ['records-s1-2026/s1-h1', 3],
    ['records-s1-2026/s1-h2', 3],
    ['official1-s1/official', 6],
  ]);
  for (const { stream, entries } of made)
    for (const entry of entries) expect(checkEntry(stream, entry)).toEqual({ ok: true, entry });
});

it('makes the same of the same seed, so that a filling that was cut off goes on', () => {
  expect(make('seed')).toEqual(make('seed'));
  expect(make('seed')).not.toEqual(make('another'));
});

it('invents telephones that nobody has', () => {
  expect(
    JSON.stringify(make('seed'))
      .match(/0[789]0-\d{4}-\d{4}/g)
      ?.every((phone) => phone.includes('-0000-')),
  ).toBe(true);
});
