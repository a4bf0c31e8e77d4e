import type { RosterContext } from '../access/register-access.ts';
import type { StreamKey } from '../ledger/stream.ts';
import type { ContentKey } from '../vault/sealing.ts';
import { OwnWrites } from './attendance-entry.ts';
import type { Channel, PersonMessage } from './channel.ts';
import { Drafts } from './drafts.ts';
import type { SecondFactorStep } from './identity-api.ts';
import type { PersonDatabase } from './person-database.ts';
import { grantsOf } from './person-of-profile.ts';
import type { PersonVaults, Profile, UnlockedVault } from './person-vault.ts';
import type { SessionRenewal } from './session-renewal.ts';
import { webCrypto } from './web-crypto.ts';
import type { WorkerHost } from './worker-host.ts';
import type { WorkerIdentity } from './worker/messages.ts';

/** One person's open vault in this tab. */
export interface OpenPerson {
  readonly db: PersonDatabase;
  readonly vault: UnlockedVault;
  readonly worker: WorkerHost;
  readonly channel: Channel<PersonMessage>;
  readonly own: OwnWrites;
  readonly drafts: Drafts;
  readonly rosters: Map<StreamKey, RosterContext>;
  profile: Profile;
  /** The school that the person has chosen, of several. */
  school: string | null;
  /** When the school last confirmed the profile, before this tab heard of a contact. */
  readonly lastContactAt: number | null;
  contentKeys: ReadonlyMap<string, ContentKey>;
  /** After an unlock: the session may have ended meanwhile. */
  renewal: SessionRenewal | null;
  /** What the school asks for before it begins a new one. */
  secondFactor: SecondFactorStep | null;
  /** The vault's password was chosen on this device: the school is never asked with it. */
  devicePassword: boolean;
}

/** What the tab has of a person before anything is read, and how the rest of it is reached. */
export interface Arrival {
  readonly db: PersonDatabase;
  readonly vault: UnlockedVault;
  readonly profile: Profile;
  readonly worker: WorkerHost;
  readonly channel: Channel<PersonMessage>;
  readonly vaults: PersonVaults;
  readonly now: () => number;
  /** The school has just said who the person is. */
  readonly verified: boolean;
}

/** Puts together what a tab holds of a person; the content keys come with the worker. */
export async function arrive(arrival: Arrival): Promise<OpenPerson> {
  const { db, vault, profile, worker, channel, vaults, now, verified } = arrival;
  const [lastContactAt, school, devicePassword] = await Promise.all([
    verified ? now() : db.readMeta('lastContactAt'),
    db.readMeta('school'),
    vaults.hasDevicePassword(db),
  ]);
  return {
    db,
    vault,
    worker,
    channel,
    own: new OwnWrites(),
    drafts: new Drafts({ db, keys: () => vaults.draftKeys(db, vault), now }, webCrypto),
    rosters: new Map(),
    profile,
    school: school ?? null,
    lastContactAt: lastContactAt ?? null,
    contentKeys: new Map(),
    renewal: null,
    secondFactor: null,
    devicePassword,
  };
}

/** What the worker is told of the person. */
export function identityOf(
  { profile, school, vault }: OpenPerson,
  device: string,
  app: string,
): WorkerIdentity {
  return {
    personId: profile.person.id,
    grants: grantsOf(profile),
    streams: profile.streams.map((stream) => stream.key),
    school,
    generation: vault.generation,
    root: vault.root,
    device,
    app,
  };
}
