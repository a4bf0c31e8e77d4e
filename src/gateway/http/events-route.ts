import { isHeld } from '../../access/take-out.ts';
import { streamKey, type StreamKey } from '../../ledger/stream.ts';
import type { Poke } from '../../sync/protocol.ts';
import { subjectOf } from '../identity/account.ts';
import type { GatewayParts } from '../gateway-parts.ts';
import { readHoldings } from '../permits/holdings.ts';
import type { SignedIn } from './request-context.ts';

/** Proxies cut what is silent for a minute. */
export const HEARTBEAT_MS = 20_000;

/** The streams that this person may hold here now. */
async function heldKeys(parts: GatewayParts, request: Request, signedIn: SignedIn): Promise<StreamKey[]> {
  const holdings = await readHoldings(parts, request, signedIn, 'password');
  const readable = await parts.streams.readableBy(subjectOf(signedIn.account));
  return readable.filter((stream) => isHeld(holdings.holdOf(stream))).map(streamKey);
}

/**
 * `GET /api/events`: server-sent pokes for the streams this person may hold. It ends when the session ends or the
 * set of streams changes; the device connects again and learns the rest from its next exchange.
 */
export async function openEvents(
  parts: GatewayParts,
  request: Request,
  signedIn: SignedIn,
  heartbeatMs = HEARTBEAT_MS,
): Promise<Response> {
  const { session, account } = signedIn;
  const encoder = new TextEncoder();
  const keysNow = async (): Promise<string[]> => {
    const present = await parts.accounts.findByPerson(account.personId);
    const alive = await parts.sessions.findById(session.id);
    if (!present || present.lockedAt !== null || !alive) return [];
    return heldKeys(parts, request, { ...signedIn, session: alive, account: present });
  };
  const keys = await heldKeys(parts, request, signedIn);
  let close = (): void => undefined;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      const undo: (() => void)[] = [];
      let open = true;
      close = () => {
        if (!open) return;
        open = false;
        for (const step of undo) step();
        try {
          controller.close();
        } catch {
          // The reader has gone already.
        }
      };
      const send = (text: string): void => {
        // A reader that does not read must not fill the memory: it will ask again.
        if (open && (controller.desiredSize ?? 0) < -64) close();
        else if (open) controller.enqueue(encoder.encode(text));
      };
      const check = (): void => {
        keysNow().then(
          (present) => {
            if (present.length === 0 || present.join() !== keys.join()) close();
          },
          () => undefined,
        );
      };
      send('retry: 3000\n\n');
      const heartbeat = setInterval(() => {
        send(': still here\n\n');
        check();
      }, heartbeatMs);
      heartbeat.unref();
      undo.push(
        () => clearInterval(heartbeat),
        parts.pokes.subscribe(keys, (poke: Poke) => send(`event: poke\ndata: ${JSON.stringify(poke)}\n\n`)),
        parts.sessions.onEnd((ended) => {
          if (ended.id === session.id) close();
        }),
        parts.accounts.onChange((changed) => {
          if (changed.personId === account.personId) check();
        }),
        parts.onClose(() => close()),
      );
      request.signal.addEventListener('abort', close, { once: true });
    },
    cancel() {
      close();
    },
  });
  return new Response(body, {
    headers: {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store',
      'X-Accel-Buffering': 'no',
    },
  });
}
