import { deriveByArgon2id } from '../../vault/argon2id.ts';
import type { KdfParameters } from '../../vault/vault.ts';

// Ends with its one task: the 64 MiB go with it.
self.onmessage = (event: MessageEvent<{ password: string; parameters: KdfParameters }>) => {
  const { password, parameters } = event.data;
  deriveByArgon2id(password, parameters).then(
    (bytes) => self.postMessage({ bytes }),
    () => self.postMessage({ bytes: null }),
  );
};
