/**
 * The network between browser and gateway. It passes everything on until it is told to misbehave; what it does with
 * a request is decided when the request has arrived whole, so that a rule may look into it.
 */
import { Agent, createServer, request as send } from 'node:http';

/**
 * @typedef {object} Passing  one request to the gateway's own paths, numbered from 1 since the last `countFrom`
 * @property {number} n
 * @property {string} method
 * @property {string} path
 * @property {Buffer} body
 *
 * @typedef {{ do: 'pass' }
 *   | { do: 'cutRequest' }
 *   | { do: 'cutAnswer', afterBytes: number }
 *   | { do: 'truncate', afterBytes: number }
 *   | { do: 'dropAnswer' }
 *   | { do: 'delay', ms: number }
 *   | { do: 'duplicate' }
 *   | { do: 'answer', status: number, body?: string, headers?: Record<string, string> }
 *   | { do: 'portal' }} Behaviour
 */

const PASS = /** @type {const} */ ({ do: 'pass' });
const PORTAL_PAGE = '<!doctype html><title>Wi-Fi</title><p>利用規約に同意してください。</p>';
const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'transfer-encoding']);

export class MisbehavingProxy {
  /** What happens to a request to `/api`. @type {(passing: Passing) => Behaviour} */
  rule = () => PASS;
  /** What devices said of themselves in their last exchange, by device. @type {Map<string, { streams: Record<string, { count: number, digest: string }>, at: number }>} */
  lastExchanges = new Map();
  #target;
  #agent = new Agent({ keepAlive: true });
  #server;
  #sockets = new Set();
  #count = 0;
  #isUp = false;
  port = 0;

  /** @param {string} target where the gateway is, `http://localhost:1234` */
  constructor(target) {
    this.#target = new URL(target);
    this.#server = createServer((request, response) => void this.#take(request, response));
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    // Event streams stay open for as long as they like.
    this.#server.requestTimeout = 0;
    this.#server.timeout = 0;
  }

  get url() {
    return `http://localhost:${this.port}`;
  }

  get isUp() {
    return this.#isUp;
  }

  /** How many requests to `/api` have come since the last `countFrom`. */
  get count() {
    return this.#count;
  }

  countFrom() {
    this.#count = 0;
  }

  /** @returns {Promise<void>} */
  start() {
    this.#isUp = true;
    return new Promise((resolve) => {
      this.#server.listen(this.port, '127.0.0.1', () => {
        const address = this.#server.address();
        this.port = typeof address === 'object' && address ? address.port : 0;
        resolve();
      });
    });
  }

  /** The network is gone: what is open breaks, and nobody answers any more. @returns {Promise<void>} */
  goDown() {
    if (!this.#isUp) return Promise.resolve();
    this.#isUp = false;
    const closed = new Promise((resolve) => this.#server.close(() => resolve(undefined)));
    for (const socket of this.#sockets) socket.destroy();
    return /** @type {Promise<void>} */ (closed);
  }

  /** The network is back, and behaves. */
  async heal() {
    this.rule = () => PASS;
    if (!this.#isUp) await this.start();
  }

  async stop() {
    await this.goDown();
    this.#agent.destroy();
  }

  /** @param {import('node:http').IncomingMessage} request @param {import('node:http').ServerResponse} response */
  async #take(request, response) {
    response.on('error', () => undefined);
    const path = request.url ?? '/';
    const body = await readAll(request).catch(() => null);
    if (!body || response.destroyed) return;
    const method = request.method ?? 'GET';
    if (!path.startsWith('/api/')) return this.#forward(request, response, body, PASS);
    this.#count += 1;
    if (path === '/api/exchange') this.#noteExchange(body);
    const behaviour = this.rule({ n: this.#count, method, path, body });
    switch (behaviour.do) {
      case 'cutRequest':
        response.destroy();
        return;
      case 'answer':
        response.writeHead(behaviour.status, { 'content-type': 'application/json', ...behaviour.headers });
        response.end(behaviour.body ?? '{"code":"injected"}');
        return;
      case 'portal':
        response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
        response.end(PORTAL_PAGE);
        return;
      case 'delay':
        await new Promise((resolve) => setTimeout(resolve, behaviour.ms));
        return this.#forward(request, response, body, PASS);
      case 'duplicate':
        await this.#forwardUnheard(request, body);
        return this.#forward(request, response, body, PASS);
      default:
        return this.#forward(request, response, body, behaviour);
    }
  }

  /**
   * @param {import('node:http').IncomingMessage} request @param {import('node:http').ServerResponse} response
   * @param {Buffer} body @param {Behaviour} behaviour
   */
  #forward(request, response, body, behaviour) {
    const upstream = this.#send(request, body);
    upstream.on('error', () => response.destroy());
    response.once('close', () => upstream.destroy());
    upstream.on('response', (answer) => {
      answer.on('error', () => response.destroy());
      if (behaviour.do === 'dropAnswer') {
        // The gateway has done its work and said so to nobody.
        answer.on('end', () => response.destroy()).resume();
        return;
      }
      const limit =
        behaviour.do === 'cutAnswer' || behaviour.do === 'truncate' ? behaviour.afterBytes : Infinity;
      const headers = Object.fromEntries(
        Object.entries(answer.headers).filter(
          ([name]) => !HOP_BY_HOP.has(name) && (limit === Infinity || name !== 'content-length'),
        ),
      );
      response.writeHead(answer.statusCode ?? 502, headers);
      let sent = 0;
      answer.on('data', (/** @type {Buffer} */ chunk) => {
        const part = chunk.subarray(0, Math.max(0, limit - sent));
        sent += part.length;
        if (part.length > 0) response.write(part);
        if (sent < limit) return;
        answer.destroy();
        if (behaviour.do === 'truncate') response.end();
        else setTimeout(() => response.destroy(), 5);
      });
      answer.on('end', () => {
        // An answer shorter than the place of the cut is cut at its end.
        if (behaviour.do === 'cutAnswer') response.destroy();
        else response.end();
      });
    });
  }

  /** @param {import('node:http').IncomingMessage} request @param {Buffer} body @returns {Promise<void>} */
  #forwardUnheard(request, body) {
    return new Promise((resolve) => {
      const upstream = this.#send(request, body);
      upstream.on('error', () => resolve());
      upstream.on('response', (answer) => answer.on('close', () => resolve()).resume());
    });
  }

  /** @param {import('node:http').IncomingMessage} request @param {Buffer} body */
  #send(request, body) {
    const { hostname, port } = this.#target;
    const options = { hostname, port, method: request.method, path: request.url, headers: request.headers };
    const upstream = send({ ...options, agent: this.#agent });
    upstream.end(body);
    return upstream;
  }

  /** @param {Buffer} body */
  #noteExchange(body) {
    try {
      const { device, streams } = JSON.parse(body.toString('utf8'));
      this.lastExchanges.set(device, { streams, at: Date.now() });
    } catch {
      // Not a device's.
    }
  }
}

/** @param {import('node:http').IncomingMessage} request @returns {Promise<Buffer>} */
function readAll(request) {
  return new Promise((resolve, reject) => {
    /** @type {Buffer[]} */
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('error', reject);
    request.on('aborted', () => reject(new Error('aborted')));
  });
}
