import { columnsOfFile } from './columns.ts';
import type { ReadFileName } from './columns.ts';
import type { IssueLog } from './issue-log.ts';

const MANIFEST = 'manifest.csv';

export const dataFiles = (Object.keys(columnsOfFile) as ReadFileName[]).filter((file) => file !== MANIFEST);

function isDataFile(file: string): boolean {
  return (dataFiles as readonly string[]).includes(file);
}

/** Holds the files of the zip against those of the profile and of the manifest. */
export function checkFiles(
  present: ReadonlySet<string>,
  bulkFiles: ReadonlySet<string>,
  log: IssueLog,
): void {
  for (const file of dataFiles) if (!present.has(file)) log.add('missingRequiredFile', { file });
  for (const file of bulkFiles) {
    if (!present.has(file) && !isDataFile(file)) log.add('declaredFileMissing', { file });
  }
  for (const file of present) {
    if (file === MANIFEST) continue;
    if (!bulkFiles.has(file)) log.add('undeclaredFilePresent', { file });
    // Birth dates, sexes and credentials are not needed here, so they are not even unpacked.
    else if (!isDataFile(file)) log.add('optionalFileIgnored', { file });
  }
}
