import { canReadStream } from '../../access/register-access.ts';
import { calendarDateAt } from '../../domain/calendar/calendar-date.ts';
import { parseStreamKey, streamKey, type StreamKey } from '../../ledger/stream.ts';
import { encodeBlock, encodeEnd, encodeHead } from '../../sync/frames.ts';
import {
  PROTOCOL_VERSION,
  type ExchangeHead,
  type ExchangeRequest,
  type StreamAnswer,
} from '../../sync/protocol.ts';
import { planAnswer, type AnswerPlan } from './answer-plan.ts';
import type { Author } from './author.ts';
import type { Block } from './block.ts';
import { pushEntries, type PushPorts } from './push.ts';

export interface ExchangeOutcome {
  readonly head: ExchangeHead;
  /** The answer's bytes, frame by frame; blocks are prepared while the one before is under way. */
  frames(): AsyncGenerator<Uint8Array<ArrayBuffer>>;
}

/** Takes in what a device hands over, then answers for every stream that its person may read. */
export async function exchange(
  ports: PushPorts,
  author: Author,
  request: ExchangeRequest,
): Promise<ExchangeOutcome> {
  const verdicts = await pushEntries(ports, author, request.push);
  const readable = await ports.streams.readableBy(author.subject);
  const opened = await Promise.all(readable.map((stream) => ports.streams.open(stream)));
  const plans = opened.map((each) =>
    planAnswer(each, {
      state: Object.hasOwn(request.streams, each.key) ? request.streams[each.key] : undefined,
      compare: ownValue(request.compare, each.key),
    }),
  );
  const streams: Record<StreamKey, StreamAnswer> = {};
  for (const plan of plans) streams[plan.opened.key] = plan.answer;
  const head: ExchangeHead = {
    protocol: PROTOCOL_VERSION,
    now: ports.now(),
    verdicts,
    streams,
    lost: findLost(ports, author, Object.keys(request.streams), new Set(readable.map(streamKey))),
  };
  return { head, frames: () => encodeFrames(head, plans) };
}

/** Named by the device, and not this person's to read (any more): the same answer whether it exists or not. */
function findLost(
  ports: PushPorts,
  author: Author,
  named: readonly StreamKey[],
  readable: ReadonlySet<StreamKey>,
): StreamKey[] {
  const today = calendarDateAt(ports.now());
  return named.filter((key) => {
    if (readable.has(key)) return false;
    const stream = parseStreamKey(key);
    // One that the person may read and that is not there (a year's database dropped, a store just restored) is not
    // lost by right: the device keeps what it holds.
    return !stream || !canReadStream(author.subject, stream, today).allowed;
  });
}

function ownValue<T>(record: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return record && Object.hasOwn(record, key) ? record[key] : undefined;
}

async function* encodeFrames(
  head: ExchangeHead,
  plans: readonly AnswerPlan[],
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  yield encodeHead(head);
  const all = plans.flatMap((plan) => plan.blocks.map((block) => ({ plan, block })));
  const prepare = (block: Block | undefined) => {
    const prepared = block?.prepare();
    // Awaited only when its turn comes: a failure until then is not an unhandled one.
    prepared?.catch(() => undefined);
    return prepared;
  };
  let coming = prepare(all[0]?.block);
  for (const [i, { plan, block }] of all.entries()) {
    const prepared = await coming;
    coming = prepare(all[i + 1]?.block);
    if (plan.temporary) block.drop();
    if (!prepared) continue;
    const { bytes, count, digest } = prepared;
    yield encodeBlock({ stream: plan.opened.key, period: block.period, count, digest }, bytes);
  }
  yield encodeEnd();
}
