import { PackageEditor } from './package-editor.testing.ts';

/** For tests: one elementary and one junior high school of the practice city, so that each case is quick. */
export const smallTownSchools = ['大網白里市立白里小学校', '大網白里市立白里中学校'] as const;

export function openSmallTown(cityZip: Uint8Array): PackageEditor {
  const town = PackageEditor.open(cityZip);
  const kept = (file: string): Set<string> => {
    const at = town.column(file, 'sourcedId');
    return new Set(town.rows(file).map((row) => row[at] ?? ''));
  };
  town.keepRows(
    'orgs.csv',
    (get) => get('type') === 'district' || (smallTownSchools as readonly string[]).includes(get('name')),
  );
  const orgs = kept('orgs.csv');
  town.keepRows('courses.csv', (get) => orgs.has(get('orgSourcedId')));
  town.keepRows('classes.csv', (get) => orgs.has(get('schoolSourcedId')));
  town.keepRows('users.csv', (get) => orgs.has(get('primaryOrgSourcedId')));
  town.keepRows('roles.csv', (get) => orgs.has(get('orgSourcedId')));
  town.keepRows('enrollments.csv', (get) => orgs.has(get('schoolSourcedId')));
  return town;
}
