import type { OneRosterCity, OneRosterVersion } from './one-roster-city.ts';
import { isOneRosterFile } from './package-files.ts';
import { RowReader } from './row-reader.ts';
import type { ReadingContext } from './row-reader.ts';
import type { Table } from './table.ts';

export interface Manifest {
  readonly header: OneRosterCity['manifest'];
  /** Names of the files, with `.csv`, that the manifest declares as bulk. */
  readonly bulkFiles: ReadonlySet<string>;
}

const FILE = 'manifest.csv';
const CURRENT_VERSION: OneRosterVersion = '1.2_JP';
const KNOWN_VERSIONS: readonly OneRosterVersion[] = [CURRENT_VERSION, '1.2.1', '1.2'];
const OTHER_PROPERTIES = ['manifest.version', 'oneroster.version', 'source.systemName', 'source.systemCode'];

/** Null where the manifest cannot be trusted to say what the package holds. */
export function readManifest(table: Table, context: ReadingContext): Manifest | null {
  const { log } = context;
  const rows = new Map<string, RowReader>();
  for (const csvRow of table.rows) {
    const row = new RowReader(table, csvRow, context);
    const property = row.required('propertyName');
    if (rows.has(property)) row.issue('duplicateManifestProperty', 'propertyName', {}, property);
    else rows.set(property, row);
  }
  const valueOf = (property: string): string => rows.get(property)?.raw('value') ?? '';
  const invalid = (property: string, allowed: string): void => {
    const row = rows.get(property);
    if (row) row.issue('invalidManifestValue', 'value', { property, allowed }, row.raw('value'));
    else log.add('invalidManifestValue', { file: FILE }, { property, allowed });
  };

  if (valueOf('manifest.version') !== '1.0') invalid('manifest.version', '1.0');
  const version = KNOWN_VERSIONS.find((known) => known === valueOf('oneroster.version'));
  const versionRow = rows.get('oneroster.version');
  if (version === undefined) {
    const params = { known: KNOWN_VERSIONS.join(' ') };
    if (versionRow) versionRow.issue('unknownOneRosterVersion', 'value', params, versionRow.raw('value'));
    else log.add('unknownOneRosterVersion', { file: FILE }, params);
  } else if (version !== CURRENT_VERSION) {
    versionRow?.issue('olderProfileVersion', 'value', { current: CURRENT_VERSION }, version);
  }

  const bulkFiles = new Set<string>();
  for (const [property, row] of rows) {
    const file = property.startsWith('file.') ? `${property.slice('file.'.length)}.csv` : null;
    const mode = row.raw('value');
    if (file === null || !isOneRosterFile(file)) {
      if (!OTHER_PROPERTIES.includes(property))
        row.issue('unknownManifestProperty', 'propertyName', {}, property);
    } else if (mode === 'bulk') bulkFiles.add(file);
    else if (mode === 'delta') row.issue('deltaNotSupported', 'value', { property }, mode);
    else if (mode !== 'absent') invalid(property, 'bulk absent');
  }
  if (version === undefined || log.refused) return null;
  const sourceSystem = { name: valueOf('source.systemName'), code: valueOf('source.systemCode') };
  return { header: { version, sourceSystem }, bulkFiles };
}
