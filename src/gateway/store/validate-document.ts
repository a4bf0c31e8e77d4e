import source from '../../../couch/validate-doc-update.js?raw';
import type { StoredEntry } from '../../ledger/erasure.ts';
import { revisionsOf } from '../../ledger/erasure.ts';
import type { UserContext } from './document-store.ts';

/** A document as CouchDB hands it to validation: with the revisions it claims. */
export type CandidateDocument = StoredEntry & { readonly _revisions: { start: number; ids: string[] } };

const REVISION = /^([1-9]\d{0,3})-([0-9a-f]{32})$/;

type Validate = (
  newDoc: object,
  oldDoc: object | null,
  userCtx: { db: string; name: string; roles: readonly string[] },
) => void;

/**
 * The function's bare text. The file wears parentheses and a semicolon, so that it is a program by itself that tools
 * can read; CouchDB's engines differ in what they take beyond `function (…) {…}`.
 */
export const validateDocUpdateSource: string = source.trim().replace(/^\(/, '').replace(/\);?$/, '');

const validate = new Function(`"use strict"; return (${validateDocUpdateSource});`)() as Validate;

/**
 * Makes of an entry the document to write. The revisions are those that its own `_rev` claims, right or wrong: the
 * judgement is the validation's. A `_rev` that is none claims nothing.
 */
export function candidateOf(entry: StoredEntry): CandidateDocument {
  const [, start, id] = REVISION.exec(entry._rev) ?? [];
  const parents = typeof entry._id === 'string' ? revisionsOf(entry).ids.slice(1) : [];
  const _revisions = start && id ? { start: Number(start), ids: [id, ...parents] } : { start: 0, ids: [] };
  return { ...entry, _revisions };
}

/** The code of the refusal, or null where the document may be written. */
export function findRefusal(
  db: string,
  newDoc: object,
  oldDoc: object | null,
  as: UserContext,
): string | null {
  try {
    validate(newDoc, oldDoc, { db, name: as.name, roles: as.roles });
    return null;
  } catch (thrown) {
    const code = (thrown as { forbidden?: unknown } | null)?.forbidden;
    if (typeof code === 'string') return code;
    throw thrown;
  }
}
