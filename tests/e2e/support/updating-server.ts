import {
  createServer,
  request as ask,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

/** Stands before a gateway and hands everything on; after `release()` its service worker is another build's. */
export class UpdatingServer {
  readonly #server: Server;
  readonly #target: URL;
  #released = false;

  private constructor(target: string) {
    this.#target = new URL(target);
    this.#server = createServer((incoming, answer) => this.#handOn(incoming, answer));
  }

  static async before(target: string): Promise<UpdatingServer> {
    const server = new UpdatingServer(target);
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get url(): string {
    return `http://localhost:${(this.#server.address() as AddressInfo).port}`;
  }

  /** From now on a new version of the app is offered. */
  release(): void {
    this.#released = true;
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  #handOn(incoming: IncomingMessage, answer: ServerResponse): void {
    const changed = this.#released && incoming.url === '/service-worker.js';
    const headers = { ...incoming.headers };
    // A changed file is plain and has no validators of the old one.
    if (changed)
      for (const name of ['accept-encoding', 'if-none-match', 'if-modified-since']) delete headers[name];
    const { hostname, port } = this.#target;
    const onward = ask(
      { hostname, port, path: incoming.url, method: incoming.method, headers },
      (response) => {
        if (!changed) {
          answer.writeHead(response.statusCode ?? 502, response.headers);
          response.pipe(answer);
          return;
        }
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () => {
          answer.writeHead(200, { 'content-type': 'text/javascript', 'cache-control': 'no-cache' });
          answer.end(`${Buffer.concat(parts).toString('utf8')}\n// the next build\n`);
        });
      },
    );
    onward.on('error', () => answer.destroy());
    answer.on('close', () => onward.destroy());
    incoming.pipe(onward);
  }
}
