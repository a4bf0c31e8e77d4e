import type { CalendarDate } from '../domain/calendar/calendar-date.ts';
import { allow, deny, type Decision } from './decision.ts';
import { isValidOn, type Reach } from './register-access.ts';
import type { Role, Subject } from './subject.ts';

/** Who looks after devices: those of the own school, or all of the board's. */
export const deviceKeepers: { readonly [R in Role]?: Exclude<Reach, 'homeroom'> } = {
  officeStaff: 'school',
  vicePrincipal: 'school',
  principal: 'school',
  boardAdministrator: 'everySchool',
  systemAdministrator: 'everySchool',
};

/** Whether this person may see, stop and take back a device that people of these schools have used. */
export function canKeepDevice(
  subject: Subject,
  schoolCodes: readonly string[],
  today: CalendarDate,
): Decision {
  let expired = false;
  for (const grant of subject.grants) {
    const reach = deviceKeepers[grant.role];
    const covers =
      reach === 'everySchool' ||
      (reach === 'school' && grant.schoolCode !== null && schoolCodes.includes(grant.schoolCode));
    if (!covers) continue;
    if (isValidOn(grant, today)) return allow('schoolManagement');
    expired = true;
  }
  return deny(expired ? 'expired' : 'noGrant');
}

/** Whether this person looks after any devices at all; what each is about is for `canKeepDevice`. */
export function canKeepDevices(subject: Subject, today: CalendarDate): Decision {
  const grants = subject.grants.filter((grant) => deviceKeepers[grant.role] !== undefined);
  if (grants.some((grant) => isValidOn(grant, today))) return allow('schoolManagement');
  return deny(grants.length > 0 ? 'expired' : 'noGrant');
}
