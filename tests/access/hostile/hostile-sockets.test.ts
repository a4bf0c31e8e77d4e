import type { Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routeNames } from '../../../src/gateway/http/router.ts';
import { SeededRandom } from '../../../src/gateway/practice/seeded-random.ts';
import { createGatewayServer } from '../../../src/gateway/server/gateway-server.ts';
import { PASSWORD } from '../../../src/gateway/testing/small-town.ts';
import { attacksOn, nextRequest } from './attacks.ts';
import { FOREIGN_DB, openHostileTown, type HostileTown, type Persona } from './hostile-town.ts';
import { findLeak, findWrongWrite, STATUSES } from './judge-answer.ts';
import { rawRequest } from './raw-requests.ts';
import { readSourceDictionary } from './source-dictionary.ts';

const SEED = process.env.HOSTILE_SEED ?? 'amenimo';
const REQUESTS = 2_500;
const ANSWER_MS = 5_000;

let town: HostileTown;
let server: Server;
let port: number;

beforeAll(async () => {
  town = await openHostileTown();
  server = createGatewayServer({
    gateway: town.gateway.gateway,
    app: (_request, response) => response.end('the app'),
    trustProxy: false,
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});

afterAll(async () => {
  await town.gateway.gateway.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** All that comes back on one connection until it ends, or `null` where it does not end. */
function exchangeBytes(bytes: Buffer): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const pieces: Buffer[] = [];
    const end = (whole: boolean): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(whole ? Buffer.concat(pieces).toString('utf8') : null);
    };
    const timer = setTimeout(() => end(false), ANSWER_MS);
    socket.on('data', (piece) => {
      pieces.push(piece);
      // An event stream has no end; its first piece is enough.
      if (piece.includes('retry: 3000')) end(true);
    });
    socket.on('close', () => end(true));
    socket.on('error', () => undefined);
    socket.end(bytes);
  });
}

function findFaultInBytes(text: string | null, persona: Persona): string | null {
  if (text === null) return `no end after ${ANSWER_MS} ms`;
  for (const [, status] of text.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)) {
    // 100 is what `Expect: 100-continue` asks for.
    if (!STATUSES.has(Number(status)) && !['100', '417'].includes(status ?? '')) return `status ${status}`;
  }
  if (text.includes('"code":"internal"')) return 'an incident';
  return findLeak(text, persona, town.canaries);
}

describe('a hostile client at the socket', () => {
  it(`[AC14, SY51] with ${REQUESTS} connections gets nothing, changes nothing and leaves the server alive`, async () => {
    const random = new SeededRandom(`${SEED} sockets`);
    const attacks = attacksOn({ town, routes: routeNames(), dictionary: readSourceDictionary() });
    const names = town.personas.map(({ name }) => name);
    const digest = await town.gateway.store.digest(FOREIGN_DB);
    const startedAt = performance.now();
    let answered = 0;
    for (let sent = 1; sent <= REQUESTS; sent += 1) {
      const request = nextRequest(random, attacks, names);
      const persona = town.personas.find(({ name }) => name === request.persona) as Persona;
      town.gateway.clock.now += 40;
      const bytes = rawRequest(random, request, persona.cookie);
      const text = await exchangeBytes(bytes);
      if (text !== '') answered += 1;
      const wrong =
        findFaultInBytes(text, persona) ?? findWrongWrite(town.gateway.store.takeWrites(), 200, persona);
      if (wrong !== null) {
        expect.fail(
          `${wrong}\nseed ${SEED}, request ${sent}:\n${bytes.subarray(0, 3000).toString('latin1')}`,
        );
      }
    }
    const seconds = (performance.now() - startedAt) / 1000;
    console.log(`hostile sockets: ${REQUESTS} connections, ${answered} answered, in ${seconds.toFixed(1)} s`);
    expect(answered).toBeGreaterThan(REQUESTS / 2);
    expect(await town.gateway.store.digest(FOREIGN_DB)).toBe(digest);
    const base = `http://127.0.0.1:${port}`;
    const signedIn = await fetch(`${base}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: base },
      body: JSON.stringify({ login: 'homeroom1', password: PASSWORD, device: 'd' }),
    });
    expect(signedIn.status).toBe(200);
  }, 120_000);
});
