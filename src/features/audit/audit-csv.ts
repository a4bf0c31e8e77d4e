import type { AuditPage, AuditScope } from './audit-api.ts';
import { auditSentence } from './audit-sentence.ts';
import { codeWords } from './code-words.ts';
import { kindNames } from './kind-messages.ts';
import { auditMessages as m } from './messages.ts';

/** A file that spreadsheets open in Japanese too: with a byte order mark, and no cell that would be a formula. */
export function auditCsv({ entries, people }: AuditPage, schools: AuditScope['schools']): string {
  const schoolNames = new Map(schools.map(({ code, name }) => [code, name]));
  const head = [m.number, m.time, m.kind, m.what, m.person, m.school, m.device, m.code];
  const rows = entries.map((line) => [
    String(line.seq),
    new Date((line.happenedAt ?? line.at) + JAPAN_MS).toISOString().slice(0, 19).replace('T', ' '),
    kindNames[line.kind],
    auditSentence(line, people),
    line.by === null ? '' : (people[line.by]?.login ?? line.by),
    line.school === undefined ? '' : (schoolNames.get(line.school) ?? line.school),
    line.device ?? '',
    line.code === undefined ? '' : codeWords(line.code),
  ]);
  return `\ufeff${[head, ...rows].map((row) => row.map(csvCell).join(',')).join('\r\n')}\r\n`;
}

const JAPAN_MS = 9 * 3_600_000;

function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
