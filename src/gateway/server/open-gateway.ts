import { access, constants, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createWitnessFile } from '../audit/witness-file.ts';
import { createGateway, type Gateway } from '../gateway.ts';
import type { Clock } from '../clock.ts';
import { BadSsoConfig, readSsoConfig, type SsoConfig } from '../identity/single-sign-on/sso-config.ts';
import type { Log } from '../log.ts';
import { startSentences, type Sentence } from '../messages.ts';
import { openSecretFiles } from '../secrets/secret-files.ts';
import type { Settings } from '../settings.ts';
import { DataFolderBusy } from '../store/data-folder-lock.ts';
import { StoreUnavailable, type DocumentStore } from '../store/document-store.ts';
import { openStore } from '../store/open-store.ts';

/** A start that cannot go on, and what to do about it. */
export class StartRefused extends Error {
  override readonly name = 'StartRefused';
  readonly sentence: Sentence;
  constructor(sentence: Sentence) {
    super(sentence.en);
    this.sentence = sentence;
  }
}

export interface OpenedGateway {
  readonly gateway: Gateway;
  readonly store: DocumentStore;
  close(): Promise<void>;
}

async function findSingleSignOn({ singleSignOnFile }: Settings): Promise<SsoConfig | null> {
  if (singleSignOnFile === null) return null;
  return readSsoConfig(singleSignOnFile).catch((error: unknown) => {
    throw error instanceof BadSsoConfig
      ? new StartRefused(startSentences.badSsoConfig(error.message))
      : error;
  });
}

/** Opens data folder, secrets and store, and puts the gateway before them. Throws StartRefused. */
export async function openGateway(
  settings: Settings,
  log: Log,
  now: Clock,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<OpenedGateway> {
  const { dataDir } = settings;
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    await access(dataDir, constants.W_OK);
  } catch {
    throw new StartRefused(startSentences.dataDirUnusable(dataDir));
  }
  const store = await openStore(settings, env).catch((error: unknown) => {
    throw error instanceof DataFolderBusy ? new StartRefused(startSentences.storeLocked(dataDir)) : error;
  });
  try {
    await store.ping();
    const secrets = await openSecretFiles(dataDir);
    const singleSignOn = await findSingleSignOn(settings);
    const gateway = await createGateway({
      store,
      secrets,
      boardCode: settings.boardCode,
      now,
      log,
      phoneNow: Date.now,
      publicUrl: settings.publicUrl,
      auditDays: settings.auditDays,
      auditWitness: createWitnessFile(join(dataDir, 'audit-head.json')),
      singleSignOn,
    });
    return {
      gateway,
      store,
      async close() {
        await gateway.close();
        await store.close();
      },
    };
  } catch (error) {
    await store.close().catch(() => undefined);
    throw error instanceof StoreUnavailable ? new StartRefused(startSentences.storeUnavailable) : error;
  }
}
