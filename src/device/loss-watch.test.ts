import './testing/browser-storage.ts';
import { afterEach, describe, expect, it } from 'vitest';
import { askWhetherLost } from './loss-watch.ts';

const before = globalThis.fetch;
afterEach(() => {
  globalThis.fetch = before;
});
const gateway = (status: number, body: unknown) => {
  globalThis.fetch = async () =>
    typeof body === 'string' ? new Response(body, { status }) : Response.json(body, { status });
};

describe('the question whether a device is lost', () => {
  it('[DE146] is answered by a ticket, of the school itself', async () => {
    gateway(403, { code: 'deviceLost', ticket: 'f00' });
    expect(await askWhetherLost('d-1')).toBe('f00');
  });

  it.each([
    ['the school', 200, { ok: true }],
    ['the school, for another reason', 403, { code: 'wrongOrigin' }],
    ['a lost answer without a ticket', 403, { code: 'deviceLost' }],
    ['a captive portal', 200, '<html>'],
    ['a captive portal that says no', 403, '<html>deviceLost</html>'],
    ['a server that stumbles', 500, { code: 'deviceLos', ticket: 'x' }],
  ])('[DE146] is not answered with yes by %s', async (_who, status, body) => {
    gateway(status, body);
    expect(await askWhetherLost('d-1')).toBeNull();
  });

  it('[DE146] is not answered with yes by silence', async () => {
    globalThis.fetch = async () => {
      throw new TypeError('Failed to fetch');
    };
    expect(await askWhetherLost('d-1')).toBeNull();
  });
});
