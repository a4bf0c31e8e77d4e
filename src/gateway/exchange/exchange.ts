import { importanceOf } from '../../access/importance.ts';
import { isHeld } from '../../access/take-out.ts';
import { calendarDateAt } from '../../domain/calendar/calendar-date.ts';
import { parseStreamKey, streamKey, type Stream, type StreamKey } from '../../ledger/stream.ts';
import { encodeBlock, encodeEnd, encodeHead } from '../../sync/frames.ts';
import {
  PROTOCOL_VERSION,
  type ExchangeHead,
  type ExchangeRequest,
  type StreamAnswer,
  type Verdict,
} from '../../sync/protocol.ts';
import type { Holdings } from '../permits/holdings.ts';
import { planAnswer, type AnswerPlan } from './answer-plan.ts';
import { standingOf, type Author } from './author.ts';
import type { Block } from './block.ts';
import { pushEntries, readId, type PushPorts } from './push.ts';

export interface ExchangeOutcome {
  readonly head: ExchangeHead;
  /** What this device may have now. */
  readonly held: readonly Stream[];
  /** The answer's bytes, frame by frame; blocks are prepared while the one before is under way. */
  frames(): AsyncGenerator<Uint8Array<ArrayBuffer>>;
}

/** Takes in what a device hands over, then answers for every stream that its person may hold on it. */
export async function exchange(
  ports: PushPorts,
  author: Author,
  request: ExchangeRequest,
  holdings: Holdings,
): Promise<ExchangeOutcome> {
  const verdicts = await pushWhatMay(ports, author, request, holdings);
  const held: { stream: Stream; hold: Pick<StreamAnswer, 'hold' | 'until'> }[] = [];
  for (const stream of await ports.streams.readableBy(author.subject)) {
    const { hold } = holdings.holdOf(stream);
    if (hold !== 'disk' && hold !== 'memory') continue;
    const until = holdings.endOf(stream);
    held.push({ stream, hold: until === null ? { hold } : { hold, until } });
  }
  const plans = await Promise.all(
    held.map(async ({ stream, hold }) => {
      const opened = await ports.streams.open(stream);
      return planAnswer(
        opened,
        {
          state: Object.hasOwn(request.streams, opened.key) ? request.streams[opened.key] : undefined,
          compare: ownValue(request.compare, opened.key),
        },
        hold,
      );
    }),
  );
  const streams: Record<StreamKey, StreamAnswer> = {};
  for (const plan of plans) streams[plan.opened.key] = plan.answer;
  const head: ExchangeHead = {
    protocol: PROTOCOL_VERSION,
    now: ports.now(),
    verdicts,
    streams,
    lost: findLost(
      Object.keys(request.streams),
      new Set(held.map(({ stream }) => streamKey(stream))),
      holdings,
    ),
  };
  return { head, held: held.map(({ stream }) => stream), frames: () => encodeFrames(head, plans) };
}

/** Rows of importance Ⅱ and Ⅰ wait on their device until their person has shown a second factor. */
async function pushWhatMay(
  ports: PushPorts,
  author: Author,
  { push }: ExchangeRequest,
  { secondFactor }: Holdings,
): Promise<Verdict[]> {
  const today = calendarDateAt(ports.now());
  const waits = push.map(({ stream: key }) => {
    const stream = parseStreamKey(key);
    const importance = stream && importanceOf(stream.db);
    if (secondFactor || !stream || (importance !== 1 && importance !== 2)) return false;
    // To a stranger the stream is as if it were not there.
    return standingOf(author.subject, stream, today) !== 'stranger';
  });
  const judged = await pushEntries(
    ports,
    author,
    push.filter((_, at) => !waits[at]),
  );
  return push.map(({ entry }, at): Verdict => {
    if (waits[at]) return { id: readId(entry), verdict: 'later', code: 'secondFactorMissing' };
    return judged.shift() as Verdict;
  });
}

/** Named by the device, and not this person's to hold (any more): the same answer whether it exists or not. */
function findLost(
  named: readonly StreamKey[],
  held: ReadonlySet<StreamKey>,
  holdings: Holdings,
): StreamKey[] {
  return named.filter((key) => {
    if (held.has(key)) return false;
    const stream = parseStreamKey(key);
    // One that the person may hold and that is not there (a year's database dropped, a store just restored) is not
    // lost by right: the device keeps what it holds.
    return !stream || !isHeld(holdings.holdOf(stream));
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
