import type { Importance } from '../../access/importance.ts';
import type { Reach } from '../../access/register-access.ts';
import type { Role } from '../../access/subject.ts';
import type { Kind } from '../../ledger/kinds.ts';
import type { Sentence } from '../messages.ts';
import type { Asset, AssetEncryption, AssetPlace, AssetRetention } from './asset-ledger.ts';

export const columnWords = {
  asset: { ja: '情報資産', en: 'Asset' },
  database: { ja: 'データベース', en: 'Database' },
  importance: { ja: '重要性', en: 'Importance' },
  readers: { ja: '見る人', en: 'Read by' },
  writers: { ja: '書く人', en: 'Written by' },
  place: { ja: '置き場所', en: 'Kept' },
  encryption: { ja: '保護', en: 'Protection' },
  retention: { ja: '保存期間', en: 'Kept for' },
} as const satisfies Record<string, Sentence>;

export const importanceWords: Readonly<Record<Importance, string>> = { 1: 'Ⅰ', 2: 'Ⅱ', 3: 'Ⅲ' };

export const kindWords: Readonly<Record<Kind, Sentence>> = {
  attendance: { ja: '出欠', en: 'Attendance marks' },
  closing: { ja: '出席簿の締め', en: 'Closing of a month' },
  enrollment: { ja: '児童生徒の氏名と在籍', en: 'Pupils’ names and homerooms' },
  homeroom: { ja: '学級', en: 'Homerooms' },
  staff: { ja: '教職員の氏名と担当', en: 'Staff and duties' },
  calendar: { ja: '学校の予定', en: 'School calendar' },
  school: { ja: '学校', en: 'The school' },
  guardian: { ja: '保護者と連絡先', en: 'Guardians and contacts' },
  studentRecord: { ja: '指導要録 様式1（学籍）', en: 'Cumulative guidance record, form 1' },
};

export const gatewayWords: Readonly<
  Record<Extract<Asset['database'], 'accounts' | 'audit' | 'tray'>, Sentence>
> = {
  accounts: {
    ja: 'アカウント、役割、セッション、端末、持ち出し許可',
    en: 'Accounts, roles, sessions, devices, permits',
  },
  audit: { ja: '利用の記録（監査証跡）', en: 'Access log' },
  tray: { ja: '預かり箱', en: 'Tray' },
};

export const roleWords: Readonly<Record<Role, Sentence>> = {
  homeroomTeacher: { ja: '学級担任', en: 'homeroom teacher' },
  assistantHomeroomTeacher: { ja: '副担任', en: 'assistant' },
  subjectTeacher: { ja: '教科担当', en: 'subject teacher' },
  gradeLevelLead: { ja: '学年主任', en: 'grade-level lead' },
  academicAffairs: { ja: '教務', en: 'academic affairs' },
  schoolNurse: { ja: '養護教諭', en: 'nurse' },
  officeStaff: { ja: '事務', en: 'office' },
  vicePrincipal: { ja: '教頭', en: 'vice principal' },
  principal: { ja: '校長', en: 'principal' },
  boardSupervisor: { ja: '指導主事', en: 'board supervisor' },
  boardAdministrator: { ja: '教育委員会の管理者', en: 'board administrator' },
  systemAdministrator: { ja: 'システム管理者', en: 'system administrator' },
};

export const reachWords: Readonly<Record<Reach, Sentence>> = {
  homeroom: { ja: '担当学級', en: 'own homeroom' },
  school: { ja: '自校', en: 'own school' },
  everySchool: { ja: '全校', en: 'every school' },
};

export const placeWords: Readonly<Record<AssetPlace, Sentence>> = {
  serverAndDevices: { ja: 'サーバーと、見る人の端末', en: 'server, and devices of its readers' },
  serverAndPermittedDevices: {
    ja: 'サーバー。端末には許可のあるときだけ',
    en: 'server; on a device only under a permit',
  },
  serverOnly: { ja: 'サーバーだけ', en: 'server alone' },
};

export const encryptionWords: Readonly<Record<AssetEncryption, Sentence>> = {
  vaultOnDevices: {
    ja: '端末では本人の金庫の鍵で暗号化。サーバーでは設置者のディスクの暗号化',
    en: 'on devices under the person’s vault; on the server by the board’s disk encryption',
  },
  ownKeyOnDevices: {
    ja: '端末では別の鍵で暗号化（パスキー、または許可に書いたディスクの暗号化）。サーバーでは設置者のディスクの暗号化',
    en: 'on devices under a key of its own (passkey, or the managed disk that the permit names); on the server by the board’s disk encryption',
  },
  serverDisk: {
    ja: '設置者によるサーバーのディスクの暗号化',
    en: 'by the board’s disk encryption on the server',
  },
  hashedSecrets: {
    ja: 'パスワードは Argon2id。セッションは鍵つきハッシュ。ほかは設置者によるサーバーのディスクの暗号化',
    en: 'passwords as Argon2id, sessions as keyed hashes; the rest by the board’s disk encryption on the server',
  },
  sealedAgainstChange: {
    ja: 'ハッシュの鎖と封印で書き換えが分かる。設置者によるサーバーのディスクの暗号化',
    en: 'a chain of hashes with seals shows any change; by the board’s disk encryption on the server',
  },
};

export function retentionWords(retention: AssetRetention): Sentence {
  switch (retention.code) {
    case 'years':
      return { ja: `${retention.years} 年`, en: `${retention.years} years` };
    case 'days':
      return {
        ja: `${retention.days} 日（${retention.least} 日より短くはできない）`,
        en: `${retention.days} days (never less than ${retention.least})`,
      };
    case 'whileEmployed':
      return { ja: '在職の間', en: 'while employed' };
    case 'whileTaught':
      return { ja: '在学の間', en: 'while at the school' };
    case 'untilDecided':
      return {
        ja: '受け入れか却下を決めるまで（決めたことは残る）',
        en: 'until decided; the decision stays',
      };
  }
}
