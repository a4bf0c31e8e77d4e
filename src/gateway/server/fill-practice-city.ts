import type { Gateway } from '../gateway.ts';
import type { Progress } from '../import/import-city.ts';
import type { PracticeAccount } from '../practice/practice-accounts.ts';

const INSTALLED = 'setting:practice-city';

/**
 * Fills an empty store with the practice city; gives its accounts then and at every later start, null where the
 * store holds something else. A start that was cut off in the middle is finished by the next one.
 */
export async function fillPracticeCity(
  gateway: Gateway,
  boardCode: string,
  progress: Progress,
  onBegin: () => void,
): Promise<readonly PracticeAccount[] | null> {
  const { store, accounts, streams, now } = gateway.parts;
  const db = `accounts-${boardCode}`;
  const record = await store.getRecord(db, INSTALLED);
  if (record?.state === 'done') return record.accounts as readonly PracticeAccount[];
  if (!record && (await streams.list()).length > 0) return null;
  onBegin();
  const [{ installPracticeCity }, packageBytes] = await Promise.all([
    import('../practice/practice-city.ts'),
    readPackage(),
  ]);
  const begun = record ?? { _id: INSTALLED };
  const marked = await store.putRecord(db, { ...begun, state: 'begun' });
  await setPracticePolicy(gateway);
  const installed = await streams.writeAround(() =>
    installPracticeCity({ store, accounts, stamper: streams, packageBytes, now: now(), progress }),
  );
  if (marked.ok) {
    await store.putRecord(db, { _id: INSTALLED, _rev: marked.rev, state: 'done', accounts: installed });
  }
  return installed;
}

/** Addresses that lead nowhere beyond a house or a school: at the practice city somebody is in school there. */
const PRIVATE_NETWORKS = [
  ...['127.0.0.0/8', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'],
  ...['::1/128', 'fc00::/7', 'fe80::/10'],
];

async function setPracticePolicy({ parts: { policy } }: Gateway): Promise<void> {
  const { version, policy: first } = await policy.current();
  if (version === 0) await policy.set({ ...first, schoolNetworks: PRIVATE_NETWORKS }, 0, 'import');
}

/** In the bundle, so that it is there wherever the build is. */
async function readPackage(): Promise<Uint8Array> {
  const { default: dataUrl } = await import('../practice/RO_20260401_oami_1.2_JP.zip?url&inline');
  return new Uint8Array(Buffer.from(dataUrl.slice(dataUrl.indexOf(',') + 1), 'base64'));
}
