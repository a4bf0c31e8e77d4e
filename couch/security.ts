/** The roles that the gateway's requests carry. No account of CouchDB's own has one; `_admin` is never sent. */
export const couchRoles = {
  /** Reads; may write nothing. */
  reader: 'amenimo-reader',
  /** Staff writing through the gateway: author and the stamp's `by` are the user. */
  writer: 'amenimo-writer',
  /** The school's management taking a text out for good: the one second revision, in their own name. */
  eraser: 'amenimo-eraser',
  /** The city's import: any author. */
  import: 'amenimo-import',
  /** An entry that carries a gateway's stamp already, or a row handed in for somebody else: any author. */
  handback: 'amenimo-handback',
} as const;

/** A security object of CouchDB: who may read (and write what validation lets through), who may change the rules. */
export interface SecurityObject {
  readonly admins: { readonly names: readonly string[]; readonly roles: readonly string[] };
  readonly members: { readonly names: readonly string[]; readonly roles: readonly string[] };
}

const adminsOnly = { names: [], roles: ['_admin'] };

/** An empty list of members would mean everybody, so each class names its roles. */
export const securityObjects: Readonly<Record<'entries' | 'records', SecurityObject>> = {
  entries: { admins: adminsOnly, members: { names: [], roles: Object.values(couchRoles) } },
  records: { admins: adminsOnly, members: adminsOnly },
};
