import type { UserContext } from '../store/document-store.ts';

/** The rights that the databases' own validation (`couch/`) knows. */
export function writerContext(personId: string): UserContext {
  return { name: personId, roles: ['amenimo-writer'] };
}

/** For entries that carry this gateway's stamp already and come back from a device. */
export function handbackContext(personId: string): UserContext {
  return { name: personId, roles: ['amenimo-handback'] };
}

/** For what the gateway writes by itself: an import, the practice city. */
export const importContext: UserContext = { name: 'import', roles: ['amenimo-import'] };
