import type { AuditLine, AuditPeople } from './audit-api.ts';
import { kindSentences } from './kind-messages.ts';
import { auditMessages as m } from './messages.ts';

/** One line of the log in words. */
export function auditSentence(line: AuditLine, people: AuditPeople): string {
  const nameOf = (id: string): string => people[id]?.name ?? id;
  const whom = line.target === undefined || line.target === line.by ? '' : nameOf(line.target);
  const count = !line.count ? '' : m.times(line.count);
  return kindSentences[line.kind](actorOf(line, nameOf), whom) + count;
}

function actorOf({ by, code, kind }: AuditLine, nameOf: (id: string) => string): string {
  if (by !== null) return nameOf(by);
  if (code === 'commandLine') return m.byCommand;
  return kind === 'signInRefused' ? m.bySomebody : m.byGateway;
}
