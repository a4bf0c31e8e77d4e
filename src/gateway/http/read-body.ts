import { isUtf8 } from 'node:buffer';
import { refusal } from './answers.ts';

export type JsonBody =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly answer: Response };

/** A sender that is silent for longer has gone, or holds the connection on purpose. */
export const BODY_SILENCE_MS = 30_000;

/** Reads a JSON body of at most `maxBytes`; what is longer, or comes too slowly, is not read to its end. */
export async function readJsonBody(
  request: Request,
  maxBytes: number,
  silenceMs = BODY_SILENCE_MS,
): Promise<JsonBody> {
  const type = request.headers.get('content-type') ?? '';
  if (!/^application\/json(?:\s*;|$)/i.test(type) || request.headers.has('content-encoding')) {
    return { ok: false, answer: refusal(415, 'jsonOnly') };
  }
  const tooLarge = (): JsonBody => ({ ok: false, answer: refusal(413, 'tooLarge', { maxBytes }) });
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) return tooLarge();
  const chunks: Uint8Array[] = [];
  let size = 0;
  if (request.body) {
    const reader = request.body.getReader();
    try {
      for (;;) {
        const piece = await within(silenceMs, reader.read());
        if (piece === 'tooSlow') {
          reader.cancel().catch(() => undefined);
          return { ok: false, answer: refusal(408, 'tooSlow') };
        }
        const { value, done } = piece;
        if (done) break;
        size += value.length;
        if (size > maxBytes) {
          await reader.cancel().catch(() => undefined);
          return tooLarge();
        }
        chunks.push(value);
      }
    } catch {
      return { ok: false, answer: refusal(400, 'cutShort') };
    }
  }
  const bytes = Buffer.concat(chunks);
  try {
    if (!isUtf8(bytes)) return { ok: false, answer: refusal(400, 'badJson') };
    return { ok: true, value: JSON.parse(bytes.toString('utf8')) };
  } catch {
    return { ok: false, answer: refusal(400, 'badJson') };
  }
}

function within<T>(ms: number, work: Promise<T>): Promise<T | 'tooSlow'> {
  let timer: NodeJS.Timeout;
  const late = new Promise<'tooSlow'>((resolve) => {
    timer = setTimeout(() => resolve('tooSlow'), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
