import { parseHandInVerdicts, writeWireRow, type SealedRow } from '../sync/hand-in.ts';
import type { SendResult } from './hand-in.ts';
import { askGateway } from './online-api.ts';

/** Sends sealed rows: with the session that this browser has, or with a lost device's ticket. */
export async function sendRows(
  device: string,
  ticket: string | null,
  rows: readonly SealedRow[],
): Promise<SendResult> {
  if (rows.length === 0) return { ok: true, verdicts: [] };
  const body = { device, ...(ticket === null ? {} : { ticket }), rows: rows.map(writeWireRow) };
  const result = await askGateway('POST', '/api/handin', body, parseHandInVerdicts);
  if (result.ok) return { ok: true, verdicts: result.value };
  return { ok: false, code: result.code === 'denied' ? 'denied' : 'unreachable' };
}
