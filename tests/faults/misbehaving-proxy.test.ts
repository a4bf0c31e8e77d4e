import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { MisbehavingProxy } from './misbehaving-proxy.mjs';

const ANSWER = 'x'.repeat(1000);
let gateway: Server;
let proxy: MisbehavingProxy;
const heard: string[] = [];

beforeAll(async () => {
  gateway = createServer((request, response) => {
    heard.push(request.url ?? '');
    request.resume().on('end', () => response.end(ANSWER));
  });
  await new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', resolve));
  proxy = new MisbehavingProxy(`http://127.0.0.1:${(gateway.address() as AddressInfo).port}`);
  await proxy.start();
});
afterEach(async () => {
  await proxy.heal();
  heard.length = 0;
});
afterAll(async () => {
  await proxy.stop();
  gateway.close();
});

const post = (path = '/api/exchange') =>
  fetch(`http://127.0.0.1:${proxy.port}${path}`, { method: 'POST', body: '{}' });

test('it passes on, and counts what goes to the gateway itself', async () => {
  proxy.countFrom();
  expect(await (await post()).text()).toBe(ANSWER);
  expect(await (await post('/app.js')).text()).toBe(ANSWER);
  expect(proxy.count).toBe(1);
});

test('a request is cut before the gateway hears of it', async () => {
  proxy.rule = () => ({ do: 'cutRequest' });
  await expect(post()).rejects.toThrow();
  expect(heard).toEqual([]);
});

test('an answer is cut, cut short, or lost after the gateway has worked', async () => {
  proxy.rule = () => ({ do: 'cutAnswer', afterBytes: 10 });
  await expect(post().then((answer) => answer.text())).rejects.toThrow();
  proxy.rule = () => ({ do: 'truncate', afterBytes: 10 });
  expect(await (await post()).text()).toBe('x'.repeat(10));
  proxy.rule = () => ({ do: 'dropAnswer' });
  await expect(post()).rejects.toThrow();
  expect(heard).toHaveLength(3);
});

test('a request is doubled, delayed or answered by somebody else', async () => {
  proxy.rule = () => ({ do: 'duplicate' });
  expect(await (await post()).text()).toBe(ANSWER);
  expect(heard).toHaveLength(2);
  const startedAt = performance.now();
  proxy.rule = () => ({ do: 'delay', ms: 60 });
  await post();
  expect(performance.now() - startedAt).toBeGreaterThan(50);
  proxy.rule = () => ({ do: 'answer', status: 503, headers: { 'retry-after': '1' } });
  expect((await post()).status).toBe(503);
  proxy.rule = () => ({ do: 'portal' });
  expect((await post()).headers.get('content-type')).toContain('text/html');
  expect(heard).toHaveLength(3);
});

test('while the network is gone nothing gets through, and then it does', async () => {
  await proxy.goDown();
  await expect(post()).rejects.toThrow();
  await proxy.heal();
  expect((await post()).status).toBe(200);
  expect(heard).toHaveLength(1);
});
