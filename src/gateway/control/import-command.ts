import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { describeIssue } from '../../domain/oneroster/issue-messages.ts';
import { importCity } from '../import/import-city.ts';
import { sayTo, type Command } from './command.ts';

/** `import <zip>`: a OneRoster package into the registers and accounts. A refused one changes nothing. */
export const importPackage: Command = async (context) => {
  const { parts, words, language, print } = context;
  const [path] = words;
  if (!path) {
    sayTo(context, {
      ja: 'OneRoster の zip を指定してください。',
      en: 'Name the zip of a OneRoster package.',
    });
    return 2;
  }
  const bytes = await readFile(path).catch(() => null);
  if (!bytes) {
    sayTo(context, { ja: `${path} を読めません。`, en: `Cannot read ${path}.` });
    return 1;
  }
  const result = await parts.streams.writeAround(() =>
    importCity(new Uint8Array(bytes), {
      store: parts.store,
      accounts: parts.accounts,
      stamper: parts.streams,
      now: parts.now,
      salt: () => randomBytes(16).toString('hex'),
      progress: () => undefined,
    }),
  );
  for (const issue of result.warnings) print(`! ${describeIssue(issue, language)}`);
  if (!result.ok) {
    for (const issue of result.errors) print(`× ${describeIssue(issue, language)}`);
    sayTo(context, {
      ja: 'この名簿は取り込めません。データは何も変わっていません。',
      en: 'This package was refused. Nothing was changed.',
    });
    return 1;
  }
  const { summary } = result;
  const count = summary.writtenEntryCount;
  await parts.audit.record({ kind: 'cityImported', by: null, code: 'commandLine', count });
  for (const { schoolCode, keyCount } of summary.missing) {
    sayTo(context, {
      ja: `! ${schoolCode}: この名簿にない項目が ${keyCount} 件あります。そのまま残しました。`,
      en: `! ${schoolCode}: ${keyCount} items here are not in the package; they were left as they are.`,
    });
  }
  sayTo(context, {
    ja: `${summary.schoolCount} 校、児童生徒 ${summary.studentCount} 人、教職員 ${summary.staffCount} 人。記録 ${summary.writtenEntryCount} 件を書き、アカウントを ${summary.createdAccountCount} 件作り、${summary.changedAccountCount} 件変更しました。`,
    en: `${summary.schoolCount} schools, ${summary.studentCount} pupils, ${summary.staffCount} staff. Wrote ${summary.writtenEntryCount} entries, created ${summary.createdAccountCount} accounts, changed ${summary.changedAccountCount}.`,
  });
  return 0;
};
