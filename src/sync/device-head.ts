import * as z from 'zod/mini';
import { TransportFailure } from './device-ports.ts';
import { PROTOCOL_VERSION, type ExchangeHead, type ExchangeRequest } from './protocol.ts';

const text = z.string().check(z.maxLength(200));
const count = z.int().check(z.minimum(0));
const digest = z.string().check(z.regex(/^[0-9a-f]{32}$/));
const state = { count, digest };

// Loose on purpose where nothing depends on it: a later gateway may say more.
const headShape = z.object({
  protocol: z.literal(PROTOCOL_VERSION),
  now: z.number(),
  verdicts: z.array(
    z.discriminatedUnion('verdict', [
      z.object({
        id: text,
        verdict: z.literal('accepted'),
        received: z.object({ at: z.number(), by: text, device: text, n: z.int(), mac: text }),
      }),
      z.object({ id: text, verdict: z.literal('refused'), code: text }),
      z.object({ id: text, verdict: z.literal('later'), code: text }),
    ]),
  ),
  streams: z.record(
    z.string(),
    z.object({
      ...state,
      hold: z._default(z.enum(['disk', 'memory']), 'disk'),
      until: z.optional(z.number()),
      follow: z.enum(['equal', 'blocks', 'compare']),
      periods: z.optional(z.record(z.string(), z.object(state))),
      wanted: z.optional(z.array(text)),
    }),
  ),
  lost: z.array(z.string()),
});

/** The head of an answer to this request; throws where it is not: a verdict for each pushed entry, in order. */
export function checkHead(head: unknown, request: ExchangeRequest): ExchangeHead {
  const parsed = headShape.safeParse(head);
  if (!parsed.success) throw new TransportFailure('notOurs');
  const { verdicts } = parsed.data;
  const answers = (id: string, index: number) => id === (request.push[index]?.entry as { _id: string })._id;
  if (verdicts.length !== request.push.length || !verdicts.every(({ id }, index) => answers(id, index)))
    throw new TransportFailure('notOurs');
  return parsed.data as ExchangeHead;
}
