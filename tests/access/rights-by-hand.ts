import { roles, type Role } from '../../src/access/subject.ts';

/**
 * Who may do what, written by hand from the rules in src/access/SPEC.md and nowhere derived from the code:
 * H the grant's own homeroom, S the grant's school, E every school of the board, `-` nothing.
 */
const TABLE = `
                   homeroom assistant subject gradeLead affairs nurse office vice principal supervisor board system
readRegister       S        S         S       S         S       S     S      S    S         -          -     -
writeAttendance    H        H         -       -         -       S     S      S    S         -          -     -
writeClosing       H        -         -       -         -       -     -      S    S         -          -     -
writeEnrollment    -        -         -       -         -       -     S      S    S         -          -     -
writeHomeroom      -        -         -       -         S       -     S      S    S         -          -     -
writeStaff         -        -         -       -         -       -     S      S    S         -          -     -
writeCalendar      -        -         -       -         S       -     S      S    S         -          -     -
writeSchool        -        -         -       -         -       -     -      -    -         -          -     -
erase              -        -         -       -         -       -     -      -    S         -          E     -
readRecords        H        H         -       -         -       S     S      S    S         -          -     -
writeGuardian      H        H         -       -         -       S     S      S    S         -          -     -
readOfficial       H        -         -       -         S       -     S      S    S         -          -     -
writeOfficial      -        -         -       -         -       -     S      S    S         -          -     -
readBoardCounts    -        -         -       -         -       -     -      -    -         E          E     E
managePeople       -        -         -       -         -       -     -      S    S         -          E     E
keepDevices        -        -         -       -         -       -     S      S    S         -          E     E
keepTray           -        -         -       -         -       -     S      S    S         -          -     -
seePermits         -        -         -       -         -       -     -      -    S         -          E     -
readAudit          -        -         -       -         -       -     -      -    S         -          E     E
setPolicy          -        -         -       -         -       -     -      -    -         -          E     -
`;

const columns: Readonly<Record<string, Role>> = {
  homeroom: 'homeroomTeacher',
  assistant: 'assistantHomeroomTeacher',
  subject: 'subjectTeacher',
  gradeLead: 'gradeLevelLead',
  affairs: 'academicAffairs',
  nurse: 'schoolNurse',
  office: 'officeStaff',
  vice: 'vicePrincipal',
  principal: 'principal',
  supervisor: 'boardSupervisor',
  board: 'boardAdministrator',
  system: 'systemAdministrator',
};

export type HandReach = 'H' | 'S' | 'E' | '-';

function readTable(): ReadonlyMap<string, ReadonlyMap<Role, HandReach>> {
  const [head = '', ...lines] = TABLE.trim().split('\n');
  const inOrder = head
    .trim()
    .split(/\s+/)
    .map((name) => columns[name]);
  if (inOrder.length !== roles.length || new Set(inOrder).size !== roles.length) {
    throw new Error('the table does not name every role once');
  }
  return new Map(
    lines.map((line) => {
      const [right = '', ...cells] = line.trim().split(/\s+/);
      if (cells.length !== roles.length) throw new Error(`${right} lacks a role`);
      return [right, new Map(cells.map((cell, i) => [inOrder[i] as Role, cell as HandReach]))];
    }),
  );
}

const table = readTable();

export const handRights: readonly string[] = [...table.keys()];

export function reachByHand(right: string, role: Role): HandReach {
  const reach = table.get(right)?.get(role);
  if (!reach) throw new Error(`the table does not know ${right} of ${role}`);
  return reach;
}
