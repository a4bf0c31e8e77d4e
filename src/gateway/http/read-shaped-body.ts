import type * as z from 'zod/mini';
import { refusal } from './answers.ts';
import { readJsonBody } from './read-body.ts';

export type ShapedBody<T> =
  { readonly ok: true; readonly data: T } | { readonly ok: false; readonly answer: Response };

/** Reads a JSON body of at most `maxBytes` that has this shape; any other is answered `badRequest`. */
export async function readShapedBody<T>(
  request: Request,
  maxBytes: number,
  shape: z.ZodMiniType<T>,
): Promise<ShapedBody<T>> {
  const body = await readJsonBody(request, maxBytes);
  if (!body.ok) return body;
  const parsed = shape.safeParse(body.value);
  return parsed.success ? { ok: true, data: parsed.data } : { ok: false, answer: refusal(400, 'badRequest') };
}
