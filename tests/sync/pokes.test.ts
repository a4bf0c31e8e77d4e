import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { streamKey } from '../../src/ledger/stream.ts';
import { HEARTBEAT_MS } from '../../src/gateway/http/events-route.ts';
import { attendance, pupilId, SCHOOL, stream } from '../../src/gateway/testing/small-town.ts';
import type { TestClient } from '../../src/gateway/testing/test-client.ts';
import { TestGateway } from '../../src/gateway/testing/test-gateway.ts';

let town: TestGateway;
beforeEach(async () => {
  town = await TestGateway.open();
});
afterEach(() => vi.useRealTimers());

/** What has come down the line of events; `ended` resolves when it is closed. */
async function listen(
  client: TestClient,
): Promise<{ text: () => string; ended: Promise<void>; close(): void }> {
  const answer = await client.send('GET', '/api/events');
  expect(answer.headers.get('content-type')).toContain('text/event-stream');
  const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
  let text = '';
  const ended = (async () => {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      text += new TextDecoder().decode(value);
    }
  })();
  return { text: () => text, ended, close: () => void reader.cancel() };
}

async function mark(): Promise<void> {
  const office = await town.signIn('office');
  await office.push(stream, attendance({ by: 'office', marks: { [pupilId(SCHOOL, 1, 1)]: 'sick' } }));
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

describe('the line of pokes', () => {
  it('[SY60] names stream and count to its readers, after the news is stored, and nothing to others', async () => {
    const nurse = await listen(await town.signIn('nurse'));
    const other = await listen(await town.signIn('otherprincipal'));
    const board = await listen(await town.signIn('board'));
    await mark();
    await settled();
    const { count } = (await town.gateway.parts.streams.open(stream)).index.state;
    const poke = JSON.stringify({ stream: streamKey(stream), count });
    expect(nurse.text()).toContain(`event: poke\ndata: ${poke}\n\n`);
    expect(other.text()).not.toContain('poke');
    expect(board.text()).not.toContain('poke');
    for (const line of [nurse, other, board]) line.close();
  });

  it('[SY60] is silent about what was refused or repeated', async () => {
    const nurse = await town.signIn('nurse');
    const entry = attendance({ by: 'nurse', marks: { [pupilId(SCHOOL, 1, 1)]: 'sick' } });
    await nurse.push(stream, entry);
    const line = await listen(await town.signIn('office'));
    await nurse.push(stream, entry, { ...entry, by: 'x' });
    await settled();
    expect(line.text()).not.toContain('poke');
    line.close();
  });

  it('[SY61] ends with the session', async () => {
    const client = await town.signIn('nurse');
    const line = await listen(client);
    await client.send('DELETE', '/api/session');
    await line.ended;
  });

  it('[SY61] ends with the account, and with a stream that comes or goes', async () => {
    const { accounts } = town.gateway.parts;
    const locked = await listen(await town.signIn('nurse'));
    await accounts.setLocked('nurse', true);
    await locked.ended;
    const moved = await listen(await town.signIn('homeroom1'));
    await accounts.setGrants('homeroom1', []);
    await moved.ended;
  });

  it('[SY61] ends when the session has run out, and says that it lives until then', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const line = await listen(await town.signIn('nurse'));
    await vi.advanceTimersByTimeAsync(HEARTBEAT_MS);
    await settled();
    expect(line.text()).toContain(': still here');
    town.clock.now += 13 * 3_600_000;
    await vi.advanceTimersByTimeAsync(HEARTBEAT_MS);
    await line.ended;
  });

  it('[SY61] ends with the gateway', async () => {
    const line = await listen(await town.signIn('nurse'));
    await town.gateway.close();
    await line.ended;
  });
});
