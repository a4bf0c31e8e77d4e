import { readZipDirectory } from './zip-directory.ts';
import type { ZipEntry } from './zip-directory.ts';
import type { IssueLog } from './issue-log.ts';

/** What file managers add by themselves. */
const CLUTTER = /^__MACOSX\/|(^|\/)(\.DS_Store|Thumbs\.db|desktop\.ini)$/;

/** Every file name of the OneRoster 1.2 CSV binding. */
const ONE_ROSTER_FILES = new Set(
  (
    'manifest academicSessions categories classes classResources courses courseResources demographics enrollments ' +
    'lineItemLearningObjectiveIds lineItems lineItemScoreScales orgs resources resultLearningObjectiveIds results ' +
    'resultScoreScales roles scoreScales userProfiles userResources users'
  )
    .split(' ')
    .map((name) => `${name}.csv`),
);

export function isOneRosterFile(name: string): boolean {
  return ONE_ROSTER_FILES.has(name);
}

/** The OneRoster files of the package by name, without the one folder they may lie in; null where refused. */
export function listPackageFiles(bytes: Uint8Array, log: IssueLog): Map<string, ZipEntry> | null {
  const entries = readZipDirectory(bytes, log);
  if (!entries) return null;
  for (const entry of entries) if (!isSafe(entry.name)) log.add('unsafeEntryName', { file: entry.name });
  if (log.refused) return null;

  const kept = entries.filter((entry) => {
    if (!CLUTTER.test(entry.name)) return !entry.name.endsWith('/');
    log.add('unknownFileIgnored', { file: entry.name });
    return false;
  });
  const folder = commonFolder(kept, log);
  if (folder === null) return null;

  const files = new Map<string, ZipEntry>();
  const seen = new Set<string>();
  for (const entry of kept) {
    const name = entry.name.slice(folder.length);
    if (seen.has(name.toLowerCase())) log.add('duplicateEntry', { file: name });
    else if (isOneRosterFile(name)) files.set(name, entry);
    else log.add('unknownFileIgnored', { file: name });
    seen.add(name.toLowerCase());
  }
  return log.refused ? null : files;
}

function isSafe(name: string): boolean {
  const path = name.endsWith('/') ? name.slice(0, -1) : name;
  return (
    !/[\\\u0000-\u001f\ufffd:]/.test(name) &&
    path.split('/').every((part) => part !== '' && part !== '.' && part !== '..')
  );
}

/** '' where all files lie at the top, `folder/` where all lie in one; null where they lie anywhere else. */
function commonFolder(entries: readonly ZipEntry[], log: IssueLog): string | null {
  const folders = new Set(entries.map((entry) => entry.name.slice(0, entry.name.lastIndexOf('/') + 1)));
  const [folder = ''] = folders;
  if (folders.size > 1 || folder.indexOf('/') !== folder.lastIndexOf('/')) {
    log.add('nestedFolder');
    return null;
  }
  if (folder !== '') log.add('topLevelFolder');
  return folder;
}
