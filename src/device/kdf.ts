import type { PasswordKdf } from '../vault/vault.ts';

/** Argon2id in a worker of its own: half a second of work, and 64 MiB that go with the worker. */
export const deriveInWorker: PasswordKdf = (password, parameters) =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./worker/kdf-worker.ts', import.meta.url), { type: 'module' });
    worker.onmessage = ({ data }: MessageEvent<{ bytes: Uint8Array<ArrayBuffer> | null }>) => {
      worker.terminate();
      if (data.bytes) resolve(data.bytes);
      else reject(new Error('the password could not be turned into a key'));
    };
    worker.onerror = (event) => {
      worker.terminate();
      reject(new Error(`key derivation failed: ${event.message}`));
    };
    worker.postMessage({ password, parameters });
  });
