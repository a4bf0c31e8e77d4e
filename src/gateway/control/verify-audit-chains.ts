import type { ChainFindingCode } from '../audit/chain-check.ts';
import { verifyAudit } from '../audit/verify-audit.ts';
import type { Sentence } from '../messages.ts';
import { sayTo, type CommandContext } from './command.ts';

const sentences: Readonly<Record<ChainFindingCode, Sentence>> = {
  changed: { ja: '内容が書き換えられています', en: 'was changed' },
  removed: { ja: '取り除かれています', en: 'was removed' },
  reordered: { ja: '順序が入れ替わっています', en: 'is out of order' },
  duplicated: { ja: '同じ記録がもう一つあります', en: 'is there twice' },
  notFollowing: { ja: '前の記録とつながっていません', en: 'does not follow the one before' },
  truncated: { ja: '終わりが切り取られています', en: 'was cut off with what followed' },
  unreadable: { ja: 'このサーバーが書いたものではありません', en: 'is a record that no gateway wrote' },
  headMissing: { ja: '終わりを示す記録がありません', en: 'the record that names the end is missing' },
  headForged: { ja: '終わりを示す記録が偽物です', en: 'the record that names the end is forged' },
  anchorForged: { ja: '保存期間の印が偽物です', en: 'the mark of what was swept is forged' },
  sweptEarly: { ja: '保存期間の前に消されています', en: 'was removed before its time' },
  damageNoted: { ja: '起動のときに壊れているのが見つかりました', en: 'a start found the chain damaged' },
};

/** Prints a line for each chain of the audit and for each finding in it; gives how many were found. */
export async function verifyAuditChains(context: CommandContext): Promise<number> {
  const { parts, language, print } = context;
  let found = 0;
  const { seal, known } = parts.storedAudit;
  for (const chain of await verifyAudit(parts.store, parts.auditDb, seal, known)) {
    const { gateway, own, entryCount, from, until, findings } = chain;
    const state = findings.length === 0 ? 'ok' : String(findings.length);
    print(`${parts.auditDb}/${gateway}  ${entryCount}  ${from}–${until}  ${state}`);
    if (!own) {
      sayTo(context, {
        ja: '  別の鍵で書かれた鎖です。つながりだけを確かめました。',
        en: '  A chain of another key: its links were checked, its seals cannot be.',
      });
    }
    for (const finding of findings) {
      const where = finding.until === undefined ? `${finding.seq}` : `${finding.seq}–${finding.until}`;
      print(`  ${finding.code}  ${where}  ${sentences[finding.code][language]}`);
    }
    found += findings.length;
  }
  return found;
}
