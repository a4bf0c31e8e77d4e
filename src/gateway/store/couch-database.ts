import { couchRoles, securityObjects } from '../../../couch/security.ts';
import type { CouchClient } from './couch-client.ts';
import { contentOf } from './database-name.ts';
import { validateDocUpdateSource } from './validate-document.ts';

const DESIGN_ID = '_design/amenimo';

/** Ordinary reading is nobody's in particular; it carries no right to write. */
export const READER = { name: 'amenimo-gateway', roles: [couchRoles.reader] } as const;

/** Puts the validation and then the security object of one database; a new database is closed until then. */
export async function deployDatabase(couch: CouchClient, db: string): Promise<void> {
  await deployValidation(couch, db);
  const security = securityObjects[contentOf(db)];
  await couch.asAdmin({ method: 'PUT', path: `${db}/_security`, body: security });
}

async function deployValidation(couch: CouchClient, db: string): Promise<void> {
  const path = `${db}/${DESIGN_ID}`;
  for (let attempt = 0; attempt < 5; attempt++) {
    const present = await couch.asAdmin<{ _rev?: string; validate_doc_update?: string }>({
      method: 'GET',
      path,
      expect: [404],
    });
    if (present.body.validate_doc_update === validateDocUpdateSource) return;
    const rev = present.status === 404 ? {} : { _rev: present.body._rev };
    const body = { _id: DESIGN_ID, ...rev, validate_doc_update: validateDocUpdateSource };
    const { status } = await couch.asAdmin({ method: 'PUT', path, body, expect: [409] });
    if (status !== 409) return;
  }
  throw new Error(`${DESIGN_ID} of ${db} keeps changing`);
}
