import { parseSchoolDatabase, parseStreamKey, type StreamKey } from '../../ledger/stream.ts';
import type { HandInVerdict, SealedRow } from '../../sync/hand-in.ts';
import type { PushedEntry } from '../../sync/protocol.ts';
import { pushEntries } from '../exchange/push.ts';
import type { GatewayParts } from '../gateway-parts.ts';
import { subjectOf } from '../identity/account.ts';
import { SchoolOpener } from './open-sealed-row.ts';

/** Who brings the rows: a person at the device, or the lost device by itself, whose id then stands for both. */
export interface Presenter {
  readonly id: string;
  /** Whose session it is; null where no person is there. */
  readonly personId: string | null;
  readonly device: string;
}

/**
 * Opens sealed rows with their school's key and judges each by its author's rights. Whoever brings them learns what
 * became of each, and nothing of what is in it.
 */
export async function takeSealedRows(
  parts: GatewayParts,
  presenter: Presenter,
  rows: readonly SealedRow[],
): Promise<HandInVerdict[]> {
  const verdicts: HandInVerdict[] = rows.map(({ id }) => ({ id, verdict: 'refused', code: 'denied' }));
  const openers = new Map<string, SchoolOpener>();
  const byAuthor = new Map<string, { at: number; pushed: PushedEntry }[]>();
  for (const [at, row] of rows.entries()) {
    const opener = await openerOf(parts, openers, row.stream);
    const entry = opener && (await opener.open(row));
    const by = authorOf(entry, row.id);
    if (by === null) continue;
    const group = byAuthor.get(by) ?? [];
    group.push({ at, pushed: { stream: row.stream, entry } });
    byAuthor.set(by, group);
  }
  for (const [personId, group] of byAuthor) {
    const account = await parts.accounts.findByPerson(personId);
    if (!account) continue;
    const author = {
      subject: subjectOf(account),
      device: presenter.device,
      handedInBy: presenter.id,
      isThere: presenter.personId === personId,
    };
    const judged = await pushEntries(
      parts,
      author,
      group.map(({ pushed }) => pushed),
    );
    group.forEach(({ at }, i) => {
      const verdict = judged[i];
      const id = rows[at]?.id ?? '';
      if (verdict?.verdict === 'accepted') verdicts[at] = { id, verdict: 'accepted' };
      else if (verdict) verdicts[at] = { id, verdict: verdict.verdict, code: verdict.code };
    });
  }
  return verdicts;
}

/** Only for schools that are here: asking for another's key would make one. */
async function openerOf(
  parts: GatewayParts,
  openers: Map<string, SchoolOpener>,
  key: StreamKey,
): Promise<SchoolOpener | null> {
  const stream = parseStreamKey(key);
  const school = stream && parseSchoolDatabase(stream.db)?.schoolCode;
  if (!stream || !school || !(await parts.streams.exists(stream))) return null;
  const opener = openers.get(school) ?? (await SchoolOpener.of(parts.secrets, school));
  openers.set(school, opener);
  return opener;
}

/** Whose row it says it is; null where it is not the row that its name promised. */
function authorOf(entry: unknown, id: string): string | null {
  if (typeof entry !== 'object' || entry === null) return null;
  const { _id, by } = entry as { _id?: unknown; by?: unknown };
  return _id === id && typeof by === 'string' && /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(by) ? by : null;
}
