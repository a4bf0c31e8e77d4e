import { createReadStream, existsSync, statSync } from 'node:fs';
import { Agent, createServer, request as send } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { gzipSync } from 'node:zlib';

const TYPES = /** @type {Record<string, string>} */ ({
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.wasm': 'application/wasm',
});
/** The gateway's own level for blocks. */
const GZIP_LEVEL = 6;

/**
 * One origin for both sides of every comparison, and a new one for every repetition: `<name>.localhost` is this
 * machine, with a storage of its own. Serves the page, the floor's documents (prepared, as the gateway's blocks are),
 * and passes the rest on: `/peer` to CouchDB, everything else to the product.
 */
export class BenchServer {
  #agent = new Agent({ keepAlive: true });
  /** @type {import('node:http').Server | null} */
  #server = null;
  /** @type {Map<string, string[]>} requests by host, those for the page itself left out */
  #requests = new Map();
  #gzipped;
  port = 0;

  /** @param {{ pageFolder: string, json: string, product: string, peer: URL | null }} options */
  constructor({ pageFolder, json, product, peer }) {
    this.pageFolder = pageFolder;
    this.json = Buffer.from(json);
    this.#gzipped = gzipSync(this.json, { level: GZIP_LEVEL });
    this.product = new URL(product);
    this.peer = peer;
  }

  get gzippedBytes() {
    return this.#gzipped.length;
  }

  /** @param {string} name */
  origin(name) {
    return `http://${name}.localhost:${this.port}`;
  }

  /** What was asked for under this name, in order. @param {string} name */
  requestsOf(name) {
    return this.#requests.get(new URL(this.origin(name)).host) ?? [];
  }

  /** @returns {Promise<void>} */
  start() {
    return new Promise((resolve) => {
      const server = createServer((request, response) => this.#answer(request, response));
      this.#server = server.listen(this.port, '127.0.0.1', () => {
        const address = server.address();
        this.port = typeof address === 'object' && address ? address.port : 0;
        resolve();
      });
    });
  }

  /** Nobody is there any more, until `pickUp`. @returns {Promise<void>} */
  hangUp() {
    return new Promise((resolve) => {
      this.#server?.close(() => resolve());
      this.#server?.closeAllConnections();
    });
  }

  pickUp() {
    return this.start();
  }

  async stop() {
    this.#server?.closeAllConnections();
    this.#server?.close();
    this.#agent.destroy();
  }

  /** @param {import('node:http').IncomingMessage} request @param {import('node:http').ServerResponse} response */
  #answer(request, response) {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    if (pathname.startsWith('/bench/')) return this.#file(pathname.slice('/bench/'.length), response);
    const host = request.headers.host ?? '';
    const asked = this.#requests.get(host) ?? [];
    this.#requests.set(host, [...asked, `${request.method} ${pathname}`]);
    if (pathname === '/floor/entries.json')
      return this.#entries(request.url?.endsWith('?plain') ?? false, response);
    if (this.peer && pathname.startsWith('/peer/')) {
      const path = `${this.peer.pathname.replace(/\/$/, '')}${(request.url ?? '').slice('/peer'.length)}`;
      const login = this.peer.username && `${decodeURIComponent(this.peer.username)}:${this.peer.password}`;
      return this.#pass(this.peer, path, login, request, response);
    }
    this.#pass(this.product, request.url ?? '/', '', request, response);
  }

  /** @param {string} path @param {import('node:http').ServerResponse} response */
  #file(path, response) {
    const file = join(this.pageFolder, normalize(`/${path}`));
    if (!existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' });
    createReadStream(file).pipe(response);
  }

  /** @param {boolean} plain @param {import('node:http').ServerResponse} response */
  #entries(plain, response) {
    const body = plain ? this.json : this.#gzipped;
    response.writeHead(200, {
      'content-type': 'application/json',
      'content-length': body.length,
      'cache-control': 'no-store',
      ...(plain ? {} : { 'content-encoding': 'gzip' }),
    });
    response.end(body);
  }

  /**
   * @param {URL} target @param {string} path @param {string} login
   * @param {import('node:http').IncomingMessage} request @param {import('node:http').ServerResponse} response
   */
  #pass(target, path, login, request, response) {
    const headers = { ...request.headers, ...(login ? { authorization: `Basic ${btoa(login)}` } : {}) };
    const { hostname, port } = target;
    const onward = send({
      agent: this.#agent,
      hostname,
      port,
      path,
      method: request.method ?? 'GET',
      headers,
    });
    onward.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => {
      if (response.headersSent) response.destroy();
      else response.writeHead(502).end();
    });
    response.on('close', () => onward.destroy());
    request.pipe(onward);
  }
}
