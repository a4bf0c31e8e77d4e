import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from 'node:http';
import type { Gateway } from '../gateway.ts';
import { isGatewayPath } from '../http/router.ts';
import { sendWebResponse, toWebRequest } from './node-adapter.ts';
import { readHost, readRequestContext } from './request-facts.ts';
import { answerKindOf, securityHeaders } from './security-headers.ts';
import { serverLimits, type ServerLimits } from './server-limits.ts';

/** Kit's handler: `build/handler.js`. */
export type AppHandler = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

interface Options {
  readonly gateway: Pick<Gateway, 'handle'>;
  readonly app: AppHandler;
  readonly trustProxy: boolean;
  /** Shorter ones in tests. */
  readonly limits?: ServerLimits;
}

/** Others the web's Request cannot even hold, or nothing here answers. */
const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** A body that is not wanted is taken from the line for this long, so that the sender can read the answer. */
const LINGER_MS = 2_000;

/** One server for both: gateway paths are answered here, everything else is the app's. */
export function createGatewayServer(options: Options): Server {
  const { limits = serverLimits } = options;
  const server = createServer(nodeOptions(limits), (message, response) => {
    const context = readRequestContext(message, options.trustProxy);
    const path = rawPath(message);
    const ofGateway = isGatewayPath(path);
    const headers = securityHeaders(context.secure, answerKindOf(path, ofGateway));
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    if (!METHODS.has(message.method ?? '')) {
      refuseUnread(response, 405);
      return;
    }
    if ((message.url ?? '').length > limits.maxUrlLength) {
      refuseUnread(response, 414);
      return;
    }
    if (!ofGateway) {
      options.app(message, response, () => {
        response.statusCode = 404;
        response.end();
      });
      return;
    }
    const ended = new AbortController();
    response.once('close', () => {
      ended.abort();
      if (!message.complete) lingerOn(message);
    });
    void (async () => {
      const host = readHost(message, options.trustProxy);
      const request = toWebRequest(message, host, context.secure, ended.signal);
      await sendWebResponse(await options.gateway.handle(request, context), message, response);
    })().catch(() => response.destroy());
  });
  server.maxHeadersCount = limits.maxHeaders;
  return server;
}

function nodeOptions(limits: ServerLimits): ServerOptions {
  return {
    headersTimeout: limits.headersMs,
    requestTimeout: limits.requestMs,
    connectionsCheckingInterval: limits.checkMs,
    keepAliveTimeout: limits.keepAliveMs,
    maxHeaderSize: limits.maxHeaderBytes,
  };
}

/** An answer to a request that nobody reads any further. */
function refuseUnread(response: ServerResponse, status: number): void {
  response.writeHead(status, { connection: 'close', 'cache-control': 'no-store' }).end();
}

function rawPath(message: IncomingMessage): string {
  return (message.url ?? '/').split('?', 1)[0] ?? '/';
}

function lingerOn(message: IncomingMessage): void {
  message.resume();
  setTimeout(() => message.destroy(), LINGER_MS).unref();
}
