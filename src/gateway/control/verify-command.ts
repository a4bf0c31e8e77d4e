import { streamKey } from '../../ledger/stream.ts';
import type { Sentence } from '../messages.ts';
import { sayTo, type Command } from './command.ts';
import { verifyAuditChains } from './verify-audit-chains.ts';
import { verifyStream, type FindingCode } from './verify-stream.ts';

const sentences: Readonly<Record<FindingCode, Sentence>> = {
  badEntry: { ja: '内容とハッシュ・ID・版が合いません', en: 'body, hash, id or revision do not fit' },
  unstamped: { ja: 'サーバーの受領印がありません', en: 'has no stamp of the gateway' },
  forgedStamp: { ja: '受領印がこのサーバーのものではありません', en: 'its stamp is not this gateway’s' },
  forgedErasure: {
    ja: '抹消の印がこのサーバーのものではありません',
    en: 'its erasure is not this gateway’s',
  },
  twoLeaves: { ja: '一つの文書に二つの版があります', en: 'is a document with two leaves' },
  missingOver: { ja: '置き換えた記録が見つかりません', en: 'replaces an entry that is not here' },
  checkSum: { ja: '出席簿の検算が合いません', en: 'the register’s check sum does not hold' },
};

/** `verify`: every hash, stamp, leaf and check sum of every register, and the audit's chains; 1 where something was found. */
export const verify: Command = async (context) => {
  const { parts, language, print } = context;
  let found = 0;
  for (const stream of await parts.streams.stored()) {
    const report = await verifyStream(parts, stream);
    const { entryCount, registerCount, findings, digest } = report;
    print(
      `${streamKey(stream)}  ${entryCount}  ${registerCount}  ${digest}  ${findings.length === 0 ? 'ok' : findings.length}`,
    );
    for (const { code, where, detail } of findings) {
      print(`  ${code}  ${where}  ${sentences[code][language]}${detail === undefined ? '' : ` (${detail})`}`);
    }
    found += findings.length;
  }
  found += await verifyAuditChains(context);
  if (found === 0) sayTo(context, { ja: '問題は見つかりませんでした。', en: 'Nothing wrong was found.' });
  else sayTo(context, { ja: `${found} 件の問題が見つかりました。`, en: `${found} problems were found.` });
  return found === 0 ? 0 : 1;
};
