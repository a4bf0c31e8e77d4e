import type { Person } from '#device/views.ts';
import { sectionsOf } from '#features/manage/sections.ts';
import { isBoardPerson } from '#features/session/home.ts';
import type { IconName } from '#ui/icon-paths.ts';

export interface NavigationEntry {
  readonly id: 'rollCall' | 'register' | 'school' | 'conflicts' | 'device' | 'board' | 'manage';
  readonly href: string;
  readonly label:
    'navRollCall' | 'navRegister' | 'navSchool' | 'navConflicts' | 'navDevice' | 'navBoard' | 'navManage';
  readonly icon: IconName;
}

const rollCall: NavigationEntry = {
  id: 'rollCall',
  href: '/roll-call',
  label: 'navRollCall',
  icon: 'check-all',
};
const register: NavigationEntry = {
  id: 'register',
  href: '/register',
  label: 'navRegister',
  icon: 'register',
};
const school: NavigationEntry = { id: 'school', href: '/school', label: 'navSchool', icon: 'school' };
const conflicts: NavigationEntry = {
  id: 'conflicts',
  href: '/conflicts',
  label: 'navConflicts',
  icon: 'alert',
};
const device: NavigationEntry = { id: 'device', href: '/device', label: 'navDevice', icon: 'device' };
const manage: NavigationEntry = { id: 'manage', href: '/manage', label: 'navManage', icon: 'settings' };
const board: NavigationEntry = { id: 'board', href: '/board', label: 'navBoard', icon: 'board' };

/** What a person's work needs, its beginning first; at most five. */
export function navigationOf(person: Person): readonly NavigationEntry[] {
  const managing = sectionsOf(person).length > 0 ? [manage] : [];
  if (isBoardPerson(person)) return [board, ...managing, device];
  // With five places taken, this device is reached by the light and the person's menu.
  if (person.ownHomeroomIds.length > 0) return [rollCall, register, school, conflicts, managing[0] ?? device];
  return [school, register, conflicts, ...managing, device];
}
