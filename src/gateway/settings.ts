import { resolve } from 'node:path';
import * as z from 'zod/mini';
import { LEAST_RETENTION_DAYS, PRESET_RETENTION_DAYS } from './audit/retention.ts';
import { settingSentences, type Sentence, type SettingName } from './messages.ts';

/** What a gateway is started with; every one comes from the environment. */
export interface Settings {
  readonly port: number;
  readonly host: string;
  readonly dataDir: string;
  /** null: the embedded store in `dataDir`. */
  readonly couchdbUrl: string | null;
  /** Whether an empty data folder is filled with the practice city. */
  readonly practiceCity: boolean;
  /** Where the practice city's clock starts, epoch milliseconds; null: today, where its school year has that day. */
  readonly practiceNow: number | null;
  /** Names the board's own databases: `accounts-<boardCode>`. */
  readonly boardCode: string;
  /** The origin that browsers know the app by, for passkeys; null: whatever a browser asked. */
  readonly publicUrl: string | null;
  /** Believe `X-Forwarded-*`: only behind a proxy that sets them itself. */
  readonly trustProxy: boolean;
  /** The file that describes single sign-on; null: there is none. */
  readonly singleSignOnFile: string | null;
  /** How many days the access log is kept. */
  readonly auditDays: number;
}

export type SettingsResult =
  | { readonly ok: true; readonly settings: Settings }
  | { readonly ok: false; readonly problems: readonly { name: SettingName; sentence: Sentence }[] };

const HOST_PATTERN = /^[A-Za-z0-9._:%-]{1,255}$/;
const BOARD_PATTERN = /^[a-z0-9]{1,32}$/;

const flag = (preset: '0' | '1') =>
  z.pipe(
    z._default(z.enum(['0', '1']), preset),
    z.transform((value) => value === '1'),
  );

const shapes = {
  PORT: z.pipe(
    z._default(z.string().check(z.regex(/^\d{1,5}$/)), '8080'),
    z.pipe(
      z.transform((value: string) => Number(value)),
      z.int().check(z.maximum(65_535)),
    ),
  ),
  HOST: z._default(z.string().check(z.regex(HOST_PATTERN)), '127.0.0.1'),
  DATA_DIR: z._default(z.string().check(z.refine((value) => !value.includes('\0'))), './data'),
  COUCHDB_URL: z.optional(z.string().check(z.refine(isHttpUrl))),
  PRACTICE_CITY: flag('1'),
  PRACTICE_NOW: z.optional(
    z.pipe(
      z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})$/)),
      z.pipe(
        z.transform((value: string) => Date.parse(value)),
        z.int(),
      ),
    ),
  ),
  BOARD_CODE: z._default(z.string().check(z.regex(BOARD_PATTERN)), 'city'),
  TRUST_PROXY: flag('0'),
  PUBLIC_URL: z.optional(z.string().check(z.refine(isHttpUrl))),
  SINGLE_SIGN_ON_FILE: z.optional(z.string().check(z.refine((value) => !value.includes('\0')))),
  AUDIT_DAYS: z.pipe(
    z._default(z.string().check(z.regex(/^\d{3,5}$/)), String(PRESET_RETENTION_DAYS)),
    z.pipe(
      z.transform((value: string) => Number(value)),
      z.int().check(z.minimum(LEAST_RETENTION_DAYS)),
    ),
  ),
} as const satisfies Record<SettingName, unknown>;

function isHttpUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol } = new URL(value);
  return protocol === 'http:' || protocol === 'https:';
}

function resolveFile(base: string, path: string | undefined): string | null {
  return path === undefined ? null : resolve(base, path);
}

function originOf(url: string | undefined): string | null {
  return url === undefined ? null : new URL(url).origin;
}

/** Reads the settings; an empty variable counts as absent. `base` is what a relative DATA_DIR starts from. */
export function readSettings(
  env: Readonly<Record<string, string | undefined>>,
  base: string = process.cwd(),
): SettingsResult {
  const problems: { name: SettingName; sentence: Sentence }[] = [];
  const read = <Name extends SettingName>(name: Name): z.output<(typeof shapes)[Name]> => {
    const parsed = shapes[name].safeParse(env[name] === '' ? undefined : env[name]);
    if (!parsed.success) problems.push({ name, sentence: settingSentences[name] });
    return parsed.data as z.output<(typeof shapes)[Name]>;
  };
  const settings: Settings = {
    port: read('PORT'),
    host: read('HOST'),
    dataDir: resolve(base, read('DATA_DIR') ?? '.'),
    couchdbUrl: read('COUCHDB_URL') ?? null,
    practiceCity: read('PRACTICE_CITY'),
    practiceNow: read('PRACTICE_NOW') ?? null,
    boardCode: read('BOARD_CODE'),
    trustProxy: read('TRUST_PROXY'),
    publicUrl: originOf(read('PUBLIC_URL')),
    singleSignOnFile: resolveFile(base, read('SINGLE_SIGN_ON_FILE')),
    auditDays: read('AUDIT_DAYS'),
  };
  return problems.length > 0 ? { ok: false, problems } : { ok: true, settings };
}
