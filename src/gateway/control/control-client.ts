import { connect, type Socket } from 'node:net';
import type { CommandAnswer, CommandRequest } from './command.ts';
import { controlPath } from './control-path.ts';
import { readJsonLines } from './json-lines.ts';

/** Has a running gateway carry out a command; null where none is running on this data folder. */
export async function askRunningGateway(
  dataDir: string,
  request: CommandRequest,
  print: (line: string) => void,
): Promise<number | null> {
  const socket = await tryConnect(controlPath(dataDir));
  if (!socket) return null;
  socket.setEncoding('utf8');
  socket.write(`${JSON.stringify(request)}\n`);
  try {
    for await (const value of readJsonLines(socket as AsyncIterable<string>, 16_777_216)) {
      const answer = value as CommandAnswer;
      if ('exit' in answer) return answer.exit;
      print(answer.line);
    }
    return 1;
  } finally {
    socket.destroy();
  }
}

function tryConnect(path: string): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => resolve(socket));
    socket.once('error', () => resolve(null));
  });
}
