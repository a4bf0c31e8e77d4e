import type { UserContext } from '../store/document-store.ts';

/** The rights that the databases' own validation (`couch/`) knows. */
export function writerContext(personId: string): UserContext {
  return { name: personId, roles: ['amenimo-writer'] };
}

/** For the erasure that a principal or the board has asked for: a writer alone may not. */
export function eraserContext(personId: string): UserContext {
  return { name: personId, roles: ['amenimo-eraser'] };
}

/** For entries that carry this gateway's stamp already and come back from a device. */
export function handbackContext(personId: string): UserContext {
  return { name: personId, roles: ['amenimo-handback'] };
}

/** For what the gateway writes by itself: an import, the practice city. */
export const importContext: UserContext = { name: 'import', roles: ['amenimo-import'] };
