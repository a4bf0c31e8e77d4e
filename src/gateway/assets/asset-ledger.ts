import { schoolAuditReaders, wholeAuditReaders } from '../../access/audit-access.ts';
import { importanceOf, type Importance } from '../../access/importance.ts';
import { administrations } from '../../access/people-access.ts';
import {
  official1Readers,
  official1Writers,
  recordsReaders,
  recordsWriters,
} from '../../access/records-access.ts';
import { registerReach, registerWriters, type Reach } from '../../access/register-access.ts';
import { roles, type Role } from '../../access/subject.ts';
import { trayKeepers } from '../../access/tray-access.ts';
import { kinds } from '../../ledger/kinds.ts';
import type { DatabaseClass } from '../../ledger/stream.ts';
import { LEAST_RETENTION_DAYS, PRESET_RETENTION_DAYS } from '../audit/retention.ts';

/** Where what an asset holds may lie. */
export type AssetPlace =
  /** The school's server, and the devices of whoever reads it. */
  | 'serverAndDevices'
  /** The school's server; on a device only under a permit and a key of its own. */
  | 'serverAndPermittedDevices'
  /** The school's server alone; elsewhere only shown, in memory. */
  | 'serverOnly';

export type AssetEncryption =
  /** On devices under the person's vault; on the server by the disk of the machine. */
  | 'vaultOnDevices'
  /** The same, with its own key that only a passkey or a managed disk opens. */
  | 'ownKeyOnDevices'
  /** On the server by the disk of the machine. */
  | 'serverDisk'
  /** Passwords as Argon2id, secrets of second factors and tokens under keys outside the database. */
  | 'hashedSecrets'
  /** In the clear, each entry sealed against change. */
  | 'sealedAgainstChange';

export type AssetRetention =
  | { readonly code: 'years'; readonly years: number }
  | { readonly code: 'days'; readonly days: number; readonly least: number }
  | { readonly code: 'whileEmployed' | 'untilDecided' | 'whileTaught' };

/** One line of the 情報資産台帳. */
export interface Asset {
  readonly database: DatabaseClass | 'accounts' | 'audit' | 'tray';
  /** The kind of entry; null for what the gateway keeps for itself. */
  readonly kind: string | null;
  readonly importance: Importance;
  readonly readers: readonly AssetRight[];
  readonly writers: readonly AssetRight[];
  readonly place: AssetPlace;
  readonly encryption: AssetEncryption;
  readonly retention: AssetRetention;
}

export interface AssetRight {
  readonly role: Role;
  readonly reach: Reach;
}

type Table = { readonly [R in Role]?: Reach };

interface ClassTraits {
  /** A name of the class, to ask for its importance by. */
  readonly example: string;
  readonly readers: readonly AssetRight[];
  readonly writersOf: (kind: string) => Table;
  readonly place: AssetPlace;
  readonly encryption: AssetEncryption;
  readonly retention: AssetRetention;
}

const traits: { readonly [C in DatabaseClass]: ClassTraits } = {
  register: {
    example: 'register-s1-2026',
    readers: rightsBy(registerReach),
    writersOf: (kind) => tableOf(registerWriters, kind),
    place: 'serverAndDevices',
    encryption: 'vaultOnDevices',
    // 学校教育法施行規則28条: 出席簿.
    retention: { code: 'years', years: 5 },
  },
  records: {
    example: 'records-s1-2026',
    readers: rightsOf(recordsReaders),
    writersOf: (kind) => tableOf(recordsWriters, kind),
    place: 'serverAndPermittedDevices',
    encryption: 'ownKeyOnDevices',
    retention: { code: 'whileTaught' },
  },
  official1: {
    example: 'official1-s1',
    readers: rightsOf(official1Readers),
    writersOf: (kind) => tableOf(official1Writers, kind),
    place: 'serverOnly',
    encryption: 'serverDisk',
    // 学校教育法施行規則28条: 指導要録の学籍に関する記録.
    retention: { code: 'years', years: 20 },
  },
  official2: {
    example: 'official2-s1',
    readers: [],
    writersOf: () => ({}),
    place: 'serverOnly',
    encryption: 'serverDisk',
    // 学校教育法施行規則28条: 指導要録の指導に関する記録.
    retention: { code: 'years', years: 5 },
  },
};

/** Every kind in every class of database, from the schema and the tables that decide, and what the gateway keeps. */
export function assetLedger(): readonly Asset[] {
  const ofSchools = Object.entries(kinds).map(([kind, { database }]): Asset => {
    const { example, readers, writersOf, place, encryption, retention } = traits[database];
    const importance = importanceOf(example);
    if (importance === null) throw new Error(`no importance is set for ${database}`);
    const writers = rightsOf(writersOf(kind));
    return { database, kind, importance, readers, writers, place, encryption, retention };
  });
  return [...ofSchools, ...gatewayAssets()];
}

function tableOf(tables: Readonly<Record<string, Table>>, kind: string): Table {
  return tables[kind] ?? {};
}

/** What the gateway keeps for itself, and no device ever holds. */
function gatewayAssets(): Asset[] {
  const managers = rightsBy((role) => administrations[role]?.reach);
  const keepers = roles
    .filter((role) => trayKeepers.has(role))
    .map((role): AssetRight => ({ role, reach: 'school' }));
  const readers = rightsBy((role) =>
    wholeAuditReaders.has(role) ? 'everySchool' : schoolAuditReaders.has(role) ? 'school' : undefined,
  );
  const base = { kind: null, place: 'serverOnly' } as const;
  return [
    {
      ...base,
      // It decides who reads everything else.
      ...{ database: 'accounts', importance: 1 },
      ...{ readers: managers, writers: managers },
      encryption: 'hashedSecrets',
      retention: { code: 'whileEmployed' },
    },
    {
      ...base,
      ...{ database: 'audit', importance: 2 },
      ...{ readers, writers: [] },
      encryption: 'sealedAgainstChange',
      retention: { code: 'days', days: PRESET_RETENTION_DAYS, least: LEAST_RETENTION_DAYS },
    },
    {
      ...base,
      // A row in it may be of any class that devices hold.
      ...{ database: 'tray', importance: 2 },
      ...{ readers: keepers, writers: keepers },
      encryption: 'serverDisk',
      retention: { code: 'untilDecided' },
    },
  ];
}

function rightsOf(table: Table): AssetRight[] {
  return rightsBy((role) => table[role]);
}

function rightsBy(reachOf: (role: Role) => Reach | undefined): AssetRight[] {
  return roles.flatMap((role) => {
    const reach = reachOf(role);
    return reach === undefined ? [] : [{ role, reach }];
  });
}
