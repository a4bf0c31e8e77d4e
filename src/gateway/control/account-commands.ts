import { boardRoles, roles, type Grant, type Role } from '../../access/subject.ts';
import { parseCalendarDate } from '../../domain/calendar/calendar-date.ts';
import {
  addDays,
  calendarDateAt,
  schoolYearOf,
  schoolYearStart,
} from '../../domain/calendar/calendar-date.ts';
import type { AuditKind } from '../audit/audit.ts';
import { gradeLevels } from '../../domain/roster/roster.ts';
import type { AccountProblem, AccountResult } from '../identity/account-directory.ts';
import type { Account } from '../identity/account.ts';
import { generatePassword } from '../identity/password.ts';
import type { Sentence } from '../messages.ts';
import { printTable, sayTo, type Command, type CommandContext } from './command.ts';

const problems: Readonly<Record<AccountProblem, Sentence>> = {
  loginTaken: { ja: 'そのログイン名は使われています。', en: 'That login is taken.' },
  personTaken: { ja: 'その人のアカウントはすでにあります。', en: 'That person has an account already.' },
  badLogin: {
    ja: 'ログイン名には半角の英数字と . _ @ + - だけが使えます。',
    en: 'A login is made of letters, digits and . _ @ + - only.',
  },
  badAccount: { ja: 'アカウントの内容が正しくありません。', en: 'The account is not valid as given.' },
  unknownAccount: { ja: 'そのアカウントはありません。', en: 'There is no such account.' },
  conflict: {
    ja: '同時にほかの変更がありました。もう一度実行してください。',
    en: 'Somebody else changed the account at the same time. Run the command again.',
  },
  passwordTooShort: {
    ja: 'パスワードは 12 文字以上にしてください。',
    en: 'A password has at least 12 characters.',
  },
  passwordTooLong: { ja: 'パスワードが長すぎます。', en: 'The password is too long.' },
  passwordTooCommon: {
    ja: 'よく使われる言葉や並びのパスワードです。別のものにしてください。',
    en: 'The password is made of common words or sequences. Choose another one.',
  },
  passwordHasName: {
    ja: 'パスワードにログイン名や氏名を入れないでください。',
    en: 'The password must not hold the login or the name.',
  },
};

/** `account list|create|password|lock|unlock|sessions` */
export const runAccountCommand: Command = async (context) => {
  const [action, ...words] = context.words;
  const inner = { ...context, words };
  switch (action) {
    case 'list':
      return listAccounts(inner);
    case 'create':
      return createAccount(inner);
    case 'password':
      return withAccount(inner, (account) => changePassword(inner, account));
    case 'lock':
      return withAccount(inner, (account) => setLocked(inner, account, true));
    case 'unlock':
      return withAccount(inner, (account) => setLocked(inner, account, false));
    case 'sessions':
      return listSessions(inner);
    default:
      sayTo(context, {
        ja: 'account list | create | password | lock | unlock | sessions のどれかを指定してください。',
        en: 'Use account list | create | password | lock | unlock | sessions.',
      });
      return 2;
  }
};

async function listAccounts({ parts, options, language, print }: CommandContext): Promise<number> {
  const school = typeof options.school === 'string' ? options.school.toUpperCase() : null;
  const yes = language === 'ja' ? '可' : 'yes';
  const rows: string[][] = [
    language === 'ja' ? ['ログイン名', '氏名', 'サインイン', '権限'] : ['Login', 'Name', 'Sign-in', 'Grants'],
  ];
  for (const account of await parts.accounts.listAccounts()) {
    if (school && !account.grants.some((grant) => grant.schoolCode === school)) continue;
    const state = account.lockedAt !== null ? 'locked' : account.passwordHash === null ? '-' : yes;
    rows.push([account.login, account.name, state, account.grants.map(describeGrant).join(' ')]);
  }
  printTable(print, rows);
  return 0;
}

function describeGrant({ role, schoolCode, homeroomId, classId, gradeLevel, until }: Grant): string {
  return [role, schoolCode, homeroomId ?? classId ?? gradeLevel, `<${until}`].filter(Boolean).join(':');
}

async function createAccount(context: CommandContext): Promise<number> {
  const { parts, words, options, input } = context;
  const [login] = words;
  const grant = readGrant(context);
  if (!login || !grant) {
    sayTo(context, {
      ja: `account create <ログイン名> --name <氏名> --role <${roles.join('|')}> [--school <コード>] [--homeroom <ID>] [--class <ID>] [--grade-level <${gradeLevels.join('|')}>] [--person <ID>] [--until <日付>]`,
      en: `account create <login> --name <name> --role <${roles.join('|')}> [--school <code>] [--homeroom <id>] [--class <id>] [--grade-level <${gradeLevels.join('|')}>] [--person <id>] [--until <date>]`,
    });
    return 2;
  }
  const password = input ?? generatePassword();
  const result = await parts.accounts.createAccount({
    personId: typeof options.person === 'string' ? options.person : crypto.randomUUID(),
    login,
    name: typeof options.name === 'string' ? options.name : login,
    grants: [grant],
    password,
    passwordChangeDue: input === null,
  });
  await note(context, 'accountCreated', result);
  return report(context, result, () => {
    if (input === null) context.print(`${login}  ${password}`);
  });
}

function readGrant({ parts, options }: CommandContext): Grant | null {
  const role = roles.find((each) => each === options.role);
  const atBoard = role !== undefined && boardRoles.has(role);
  const schoolCode = typeof options.school === 'string' ? options.school.toUpperCase() : null;
  if (!role || atBoard !== (schoolCode === null)) return null;
  const homeroomId = typeof options.homeroom === 'string' ? options.homeroom : undefined;
  if (needsHomeroom(role) !== (homeroomId !== undefined)) return null;
  const classId = typeof options.class === 'string' ? options.class : undefined;
  if (classId !== undefined && role !== 'subjectTeacher') return null;
  const gradeLevel = gradeLevels.find((each) => each === options['grade-level']);
  if ((role === 'gradeLevelLead') !== (gradeLevel !== undefined)) return null;
  if (options['grade-level'] !== undefined && gradeLevel === undefined) return null;
  const today = calendarDateAt(parts.now());
  const until = parseCalendarDate(options.until) ?? schoolYearStart(schoolYearOf(today) + 1);
  return {
    role,
    schoolCode,
    ...(homeroomId === undefined ? {} : { homeroomId }),
    ...(classId === undefined ? {} : { classId }),
    ...(gradeLevel === undefined ? {} : { gradeLevel }),
    from: addDays(today, 0),
    until,
  };
}

function needsHomeroom(role: Role): boolean {
  return role === 'homeroomTeacher' || role === 'assistantHomeroomTeacher';
}

async function changePassword(context: CommandContext, account: Account): Promise<number> {
  const { parts, input, print } = context;
  const password = input ?? generatePassword();
  const result = await parts.accounts.setPassword(account.personId, password, input === null);
  if (result.ok) await parts.sessions.endAllOf(account.personId);
  await note(context, 'passwordChanged', result);
  return report(context, result, () => {
    if (input === null) print(`${account.login}  ${password}`);
  });
}

async function setLocked(context: CommandContext, account: Account, locked: boolean): Promise<number> {
  const result = await context.parts.accounts.setLocked(account.personId, locked);
  if (result.ok && locked) await context.parts.sessions.endAllOf(account.personId);
  await note(context, locked ? 'accountLocked' : 'accountUnlocked', result);
  return report(context, result);
}

async function listSessions(context: CommandContext): Promise<number> {
  const { parts, words, options, language, print } = context;
  const account = words[0] ? await parts.accounts.findByLogin(words[0]) : null;
  if (words[0] && !account) return fail(context, 'unknownAccount');
  if (account && options.end) {
    const count = await parts.sessions.endAllOf(account.personId);
    const target = account.personId;
    await parts.audit.record({ kind: 'sessionEnded', by: null, target, code: 'commandLine', count });
    sayTo(context, { ja: `${count} 件のセッションを終了しました。`, en: `Ended ${count} sessions.` });
    return 0;
  }
  const logins = new Map(
    (await parts.accounts.listAccounts()).map(({ personId, login }) => [personId, login]),
  );
  const rows = [
    language === 'ja'
      ? ['ログイン名', '端末', '開始', '最後の利用']
      : ['Login', 'Device', 'Began', 'Last seen'],
  ];
  for (const session of await parts.sessions.list()) {
    if (account && session.personId !== account.personId) continue;
    const login = logins.get(session.personId) ?? session.personId;
    rows.push([login, session.device, isoMinute(session.createdAt), isoMinute(session.lastSeenAt)]);
  }
  printTable(print, rows);
  return 0;
}

function isoMinute(at: number): string {
  return new Date(at).toISOString().slice(0, 16).replace('T', ' ');
}

async function withAccount(
  context: CommandContext,
  work: (account: Account) => Promise<number>,
): Promise<number> {
  const account = await context.parts.accounts.findByLogin(context.words[0] ?? '');
  return account ? work(account) : fail(context, 'unknownAccount');
}

/** Whoever can read the data folder acts here, and the gateway knows no name for them. */
async function note({ parts }: CommandContext, kind: AuditKind, result: AccountResult): Promise<void> {
  if (!result.ok) return;
  await parts.audit.record({ kind, by: null, target: result.account.personId, code: 'commandLine' });
}

function report(context: CommandContext, result: AccountResult, then?: () => void): number {
  if (!result.ok) return fail(context, result.code);
  then?.();
  sayTo(context, { ja: '完了しました。', en: 'Done.' });
  return 0;
}

function fail(context: CommandContext, code: AccountProblem): number {
  sayTo(context, problems[code]);
  return 1;
}
