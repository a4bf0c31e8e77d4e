import type { Role } from '#access/subject.ts';
import type { Person } from '#device/views.ts';
import type { IconName } from '#ui/icon-paths.ts';

/** One part of the management screens. The gateway judges by itself who may use it; this only leads there. */
export interface ManageSection {
  readonly id: 'people' | 'devices' | 'permits' | 'tray' | 'audit' | 'policy';
  readonly href: string;
  readonly icon: IconName;
  readonly roles: readonly Role[];
}

export const manageSections: readonly ManageSection[] = [
  {
    id: 'people',
    href: '/manage/people',
    icon: 'users',
    roles: ['vicePrincipal', 'principal', 'boardAdministrator', 'systemAdministrator'],
  },
  {
    id: 'devices',
    href: '/manage/devices',
    icon: 'device',
    roles: ['officeStaff', 'vicePrincipal', 'principal', 'boardAdministrator', 'systemAdministrator'],
  },
  {
    id: 'permits',
    href: '/manage/permits',
    icon: 'clipboard',
    roles: ['principal', 'boardAdministrator'],
  },
  {
    id: 'tray',
    href: '/manage/tray',
    icon: 'download',
    roles: ['officeStaff', 'vicePrincipal', 'principal'],
  },
  {
    id: 'audit',
    href: '/manage/audit',
    icon: 'history',
    roles: ['principal', 'boardAdministrator', 'systemAdministrator'],
  },
  {
    id: 'policy',
    href: '/manage/policy',
    icon: 'lock',
    roles: ['boardAdministrator'],
  },
];

/** The sections that this person's roles lead to. */
export function sectionsOf(person: Person): readonly ManageSection[] {
  return manageSections.filter(({ roles }) => roles.some((role) => person.roles.includes(role)));
}
