import { isUtf8 } from 'node:buffer';
import { refusal } from './answers.ts';

export type JsonBody =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly answer: Response };

/** Reads a JSON body of at most `maxBytes`; what is longer is not read to its end. */
export async function readJsonBody(request: Request, maxBytes: number): Promise<JsonBody> {
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
        const { value, done } = await reader.read();
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
