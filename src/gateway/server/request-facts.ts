import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { RequestContext } from '../http/request-context.ts';

/** The last value: the one our own proxy added, whatever was sent to it. */
function lastOf(header: string | string[] | undefined): string | undefined {
  const text = Array.isArray(header) ? header.join(',') : header;
  return text?.split(',').at(-1)?.trim() || undefined;
}

/** What the connection says of a request; the forwarded headers count only behind a proxy of our own. */
export function readRequestContext(message: IncomingMessage, trustProxy: boolean): RequestContext {
  const { headers, socket } = message;
  const peer = socket.remoteAddress ?? 'unknown';
  if (!trustProxy) return { address: peer, secure: socket instanceof TLSSocket };
  return {
    address: lastOf(headers['x-forwarded-for']) ?? peer,
    secure: lastOf(headers['x-forwarded-proto']) === 'https' || socket instanceof TLSSocket,
  };
}

/** The name the browser asked for, by which its origin is judged. */
export function readHost(message: IncomingMessage, trustProxy: boolean): string {
  const forwarded = trustProxy ? lastOf(message.headers['x-forwarded-host']) : undefined;
  const host = forwarded ?? message.headers.host ?? '';
  return /^[A-Za-z0-9._:[\]-]{1,255}$/.test(host) ? host : 'invalid';
}
