import type {
  Homeroom,
  Student,
  StaffMember,
  SchoolRoster,
  ClassEnrollment,
  GradeLevel,
} from '#domain/roster/roster.ts';
import type { CalendarDate } from '#domain/calendar/calendar-date.ts';
import type { SchoolCalendar } from '#domain/calendar/school-calendar.ts';

/** Invented names only. */
const families =
  '佐倉 青木 石川 上田 遠藤 小川 加藤 菊地 久保 小林 斎藤 島田 杉山 関口 高橋 千葉 土屋 寺田 中村 西田 野口 長谷川 平野 藤原 堀内 前川 三浦 村上 森田 矢野 山口 横山 吉岡 若林 渡辺'.split(
    ' ',
  );
const familyKana =
  'さくら あおき いしかわ うえだ えんどう おがわ かとう きくち くぼ こばやし さいとう しまだ すぎやま せきぐち たかはし ちば つちや てらだ なかむら にしだ のぐち はせがわ ひらの ふじわら ほりうち まえかわ みうら むらかみ もりた やの やまぐち よこやま よしおか わかばやし わたなべ'.split(
    ' ',
  );
const givens = '結愛 蒼 陽菜 湊 凛 蓮 咲良 樹 葵 大和 莉子 悠真 芽依 陽翔 紬'.split(' ');
const givenKana =
  'ゆあ あおい ひな みなと りん れん さくら いつき あおい やまと りこ ゆうま めい はると つむぎ'.split(' ');

export function makeRoster(schoolYear: number): SchoolRoster {
  const homerooms = new Map<string, Homeroom>();
  const students = new Map<string, Student>();
  const staff = new Map<string, StaffMember>();
  const enrollments: ClassEnrollment[] = [];
  const from = `${schoolYear}-04-01` as CalendarDate;
  const until = `${schoolYear + 1}-04-01` as CalendarDate;
  for (let grade = 1; grade <= 6; grade++) {
    for (let group = 1; group <= 2; group++) {
      const id = `h${grade}${group}`;
      const gradeLevel = `P${grade}` as GradeLevel;
      homerooms.set(id, {
        id,
        title: `${grade}年${group}組`,
        gradeLevels: [gradeLevel],
        specialNeeds: false,
      });
      for (let number = 1; number <= 35; number++) {
        const studentId = `${id}-${number}`;
        const i = (number - 1) % families.length;
        const j = (number * 7 + grade * 3 + group) % givens.length;
        students.set(studentId, {
          id: studentId,
          familyName: families[i]!,
          givenName: givens[j]!,
          kanaFamilyName: familyKana[i]!,
          kanaGivenName: givenKana[j]!,
          gradeLevel,
        });
        enrollments.push({
          id: `e-${studentId}`,
          studentId,
          homeroomId: id,
          rosterNumber: number,
          from: number === 35 && group === 1 ? (`${schoolYear}-11-09` as CalendarDate) : from,
          until: number === 12 && group === 1 ? (`${schoolYear}-11-14` as CalendarDate) : until,
          beganBy: number === 35 && group === 1 ? 'transferIn' : 'yearStart',
          endedBy: number === 12 && group === 1 ? 'transferOut' : null,
        });
      }
    }
  }
  const person = (id: string, familyName: string, givenName: string, duties: StaffMember['duties']) =>
    staff.set(id, { id, familyName, givenName, duties });
  person('t31', '木村', '直子', [{ role: 'homeroomTeacher', homeroomId: 'h31' }]);
  person('n1', '田中', '美穂', [{ role: 'schoolNurse' }]);
  person('p1', '大塚', '正一', [{ role: 'principal' }]);
  person('o1', '岡本', '和也', [{ role: 'officeStaff' }]);
  return {
    school: { code: 'B112210000011', name: '大網東小学校' },
    schoolYear,
    homerooms,
    students,
    enrollments,
    staff,
  };
}

export function makeCalendar(schoolYear: number): SchoolCalendar {
  const day = (text: string) => `${schoolYear}-${text}` as CalendarDate;
  return {
    schoolYear,
    items: [
      {
        id: 'c1',
        type: 'vacation',
        from: day('07-21'),
        until: day('09-01'),
        scope: { kind: 'school' },
        title: '夏季休業',
      },
      {
        id: 'c2',
        type: 'closure',
        from: day('11-18'),
        until: day('11-20'),
        scope: { kind: 'homeroom', homeroomId: 'h31' },
        title: '学級閉鎖(インフルエンザ)',
      },
      {
        id: 'c3',
        type: 'event',
        from: day('11-06'),
        until: day('11-07'),
        scope: { kind: 'school' },
        title: '学習発表会',
      },
    ],
  };
}
