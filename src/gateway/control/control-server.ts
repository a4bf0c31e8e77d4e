import { chmod, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import * as z from 'zod/mini';
import type { GatewayParts } from '../gateway-parts.ts';
import { describeError } from '../log.ts';
import type { CommandAnswer } from './command.ts';
import { commands } from './commands.ts';
import { controlPath } from './control-path.ts';
import { readJsonLines } from './json-lines.ts';

const MAX_LINE_LENGTH = 65_536;

const requestShape = z.strictObject({
  command: z.string(),
  words: z.array(z.string()),
  options: z.record(z.string(), z.union([z.string(), z.literal(true)])),
  language: z.enum(['ja', 'en']),
  input: z.nullable(z.string()),
});

/** Answers the command line of whoever may read the data folder. The store admits one process, and this is it. */
export async function serveControl(
  dataDir: string,
  parts: GatewayParts,
): Promise<{ close(): Promise<void> }> {
  const path = controlPath(dataDir);
  // The store's lock is held, so nobody else can be listening: this is what a killed gateway left.
  if (process.platform !== 'win32') await rm(path, { force: true });
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    void answer(socket, parts).catch(() => socket.destroy());
  });
  const umask = process.umask(0o177);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(path, resolve);
    });
  } finally {
    process.umask(umask);
  }
  if (process.platform !== 'win32') await chmod(path, 0o600);
  return {
    async close() {
      for (const socket of sockets) socket.end();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(socket: Socket, parts: GatewayParts): Promise<void> {
  socket.setEncoding('utf8');
  const send = (message: CommandAnswer): void => {
    if (!socket.destroyed) socket.write(`${JSON.stringify(message)}\n`);
  };
  for await (const value of readJsonLines(socket as AsyncIterable<string>, MAX_LINE_LENGTH)) {
    const parsed = requestShape.safeParse(value);
    const command =
      parsed.success && Object.hasOwn(commands, parsed.data.command) ? commands[parsed.data.command] : null;
    if (!parsed.success || !command) {
      send({ exit: 2 });
      continue;
    }
    const { command: name, ...request } = parsed.data;
    try {
      const exit = await command({ ...request, parts, print: (line) => send({ line }) });
      parts.log.info('command', { command: name, exit });
      send({ exit });
    } catch (error) {
      parts.log.error('commandFailed', { command: name, ...describeError(error) });
      send({ line: `${name}: ${error instanceof Error ? error.name : 'error'}` });
      send({ exit: 1 });
    }
  }
}
