import { issueMessagesEn } from './issue-messages-en.ts';
import { issueMessagesJa } from './issue-messages-ja.ts';
import type { OneRosterIssue } from './issue.ts';

export type IssueLanguage = 'ja' | 'en';

/** 「users.csv の 12 行目、列 familyName: …」: where the issue lies, what it is, and the token where there is one. */
export function describeIssue(issue: OneRosterIssue, language: IssueLanguage): string {
  const messages = language === 'ja' ? issueMessagesJa : issueMessagesEn;
  const sentence = messages[issue.code].replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    String(issue.params[name] ?? ''),
  );
  const place = language === 'ja' ? placeInJapanese(issue) : placeInEnglish(issue);
  const token =
    issue.value === undefined
      ? ''
      : language === 'ja'
        ? `（値: ${issue.value}）`
        : ` (value: ${issue.value})`;
  return `${place}${sentence}${token}`;
}

function placeInJapanese({ file, line, column }: OneRosterIssue): string {
  const lineText = line === null ? null : file === null ? `${line} 行目` : `${file} の ${line} 行目`;
  const parts = [lineText ?? file, column === null ? null : `列 ${column}`].filter((part) => part !== null);
  return parts.length === 0 ? '' : `${parts.join('、')}: `;
}

function placeInEnglish({ file, line, column }: OneRosterIssue): string {
  const parts = [file, line === null ? null : `line ${line}`, column === null ? null : `column ${column}`];
  const known = parts.filter((part) => part !== null);
  return known.length === 0 ? '' : `${known.join(', ')}: `;
}
