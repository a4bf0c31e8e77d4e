/** What a database holds. `records` here are the gateway's own mutable documents, not the school's. */
export type DatabaseContent = 'entries' | 'records';

/** The classes of the architecture note; anything else on a shared server is not ours to read, list or change. */
const NAME_PATTERN =
  /^(register|records|official1|official2|commons|oversight|accounts|audit|tray)-[a-z0-9][a-z0-9-]{0,69}$/;
/** `couch/validate-doc-update.js` holds the same prefixes. */
const RECORDS_PATTERN = /^(accounts|audit|tray)-/;

export function isDatabaseName(name: string): boolean {
  return NAME_PATTERN.test(name);
}

export function contentOf(db: string): DatabaseContent {
  return RECORDS_PATTERN.test(db) ? 'records' : 'entries';
}

/** CouchDB refuses capitals, and a name becomes a folder and a part of a URL: one grammar for both stores. */
export class InvalidDatabaseName extends Error {
  override readonly name = 'InvalidDatabaseName';
  constructor(db: string) {
    super(
      `"${db}" is not a database name: a class (register, records, …), a hyphen, then lower-case letters, digits and hyphens`,
    );
  }
}

export class DatabaseMissing extends Error {
  override readonly name = 'DatabaseMissing';
  constructor(db: string) {
    super(`there is no database "${db}"; ensureDatabase comes first`);
  }
}

export function requireDatabaseName(db: string): void {
  if (!isDatabaseName(db)) throw new InvalidDatabaseName(db);
}

/** Records live only in databases of their own, where no entry can be. Anything else is a mistake of the caller. */
export function requireRecordsDatabase(db: string): void {
  requireDatabaseName(db);
  if (contentOf(db) !== 'records') {
    throw new Error(`records live in databases accounts-…, audit-… and tray-… only, not in "${db}"`);
  }
}
