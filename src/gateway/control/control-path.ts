import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A Unix socket's whole path must fit into this many bytes. */
const MAX_SOCKET_PATH_BYTES = 100;

/** Where a running gateway listens to the command line: in the data folder; a named pipe on Windows. */
export function controlPath(dataDir: string): string {
  const name = createHash('sha256').update(dataDir).digest('hex').slice(0, 16);
  if (process.platform === 'win32') return `\\\\.\\pipe\\amenimo-${name}`;
  const path = join(dataDir, 'control.sock');
  if (Buffer.byteLength(path) <= MAX_SOCKET_PATH_BYTES) return path;
  return join(tmpdir(), `amenimo-${process.getuid?.() ?? 0}-${name}.sock`);
}
