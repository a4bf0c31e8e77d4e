/** A sentence for the person at the terminal, in both languages. */
export interface Sentence {
  readonly ja: string;
  readonly en: string;
}

export type TerminalLanguage = keyof Sentence;

/** Japanese where the terminal's locale says so. */
export function terminalLanguage(env: Readonly<Record<string, string | undefined>>): TerminalLanguage {
  const locale = env.LC_ALL || env.LC_MESSAGES || env.LANG || '';
  return locale.toLowerCase().startsWith('ja') ? 'ja' : 'en';
}

export type SettingName =
  | 'PORT'
  | 'HOST'
  | 'DATA_DIR'
  | 'COUCHDB_URL'
  | 'PRACTICE_CITY'
  | 'PRACTICE_NOW'
  | 'BOARD_CODE'
  | 'TRUST_PROXY'
  | 'PUBLIC_URL'
  | 'SINGLE_SIGN_ON_FILE'
  | 'AUDIT_DAYS';

export const settingSentences: Readonly<Record<SettingName, Sentence>> = {
  PORT: {
    ja: 'PORT には 0 から 65535 までの整数を指定してください（例: PORT=8080）。',
    en: 'Set PORT to a whole number from 0 to 65535, for example PORT=8080.',
  },
  HOST: {
    ja: 'HOST には待ち受けるアドレスを指定してください（この端末だけなら 127.0.0.1、校内から使うなら 0.0.0.0）。',
    en: 'Set HOST to the address to listen on: 127.0.0.1 for this machine only, 0.0.0.0 for the whole network.',
  },
  DATA_DIR: {
    ja: 'DATA_DIR にはデータを保存するフォルダーを指定してください（例: DATA_DIR=./data）。',
    en: 'Set DATA_DIR to the folder that keeps the data, for example DATA_DIR=./data.',
  },
  COUCHDB_URL: {
    ja: 'COUCHDB_URL には http:// または https:// で始まる CouchDB のアドレスを指定してください。内蔵のデータベースを使うときは指定しません。',
    en: 'Set COUCHDB_URL to an address of CouchDB that begins with http:// or https://, or leave it out to use the embedded store.',
  },
  PRACTICE_CITY: {
    ja: 'PRACTICE_CITY には 0（練習用の市を作らない）か 1（作る）を指定してください。',
    en: 'Set PRACTICE_CITY to 0 (no practice city) or 1 (fill an empty data folder with it).',
  },
  PRACTICE_NOW: {
    ja: 'PRACTICE_NOW には練習用の市の日時を指定してください（例: PRACTICE_NOW=2026-11-20T08:15:00+09:00）。',
    en: 'Set PRACTICE_NOW to the practice city’s date and time, for example PRACTICE_NOW=2026-11-20T08:15:00+09:00.',
  },
  BOARD_CODE: {
    ja: 'BOARD_CODE には半角の英小文字と数字で 32 文字までの名前を指定してください（例: BOARD_CODE=city）。',
    en: 'Set BOARD_CODE to at most 32 lower-case letters and digits, for example BOARD_CODE=city.',
  },
  TRUST_PROXY: {
    ja: 'TRUST_PROXY には 0（直接つなぐ）か 1（自分で管理するプロキシの後ろで動かす）を指定してください。',
    en: 'Set TRUST_PROXY to 0 (reached directly) or 1 (behind a proxy of your own that sets X-Forwarded-*).',
  },
  PUBLIC_URL: {
    ja: 'PUBLIC_URL には、ブラウザーに入れるアドレスを指定してください（例: https://amenimo.example.jp）。指定しなければ、開かれたアドレスを使います。',
    en: 'Set PUBLIC_URL to the address that people open, for example https://amenimo.example.jp, or leave it out to go by the address that was asked.',
  },
  AUDIT_DAYS: {
    ja: 'AUDIT_DAYS には利用の記録を残す日数を 365 以上で指定してください（例: AUDIT_DAYS=400）。',
    en: 'Set AUDIT_DAYS to how many days the access log is kept, 365 or more, for example AUDIT_DAYS=400.',
  },
  SINGLE_SIGN_ON_FILE: {
    ja: 'SINGLE_SIGN_ON_FILE には、シングルサインオンの設定を書いた JSON ファイルの場所を指定してください。使わないときは指定しません。',
    en: 'Set SINGLE_SIGN_ON_FILE to the JSON file that describes single sign-on, or leave it out.',
  },
};

export const startSentences = {
  portInUse: (port: number): Sentence => ({
    ja: `ポート ${port} はほかのプログラムが使っています。PORT=8081 のように別の番号を指定してください。`,
    en: `Port ${port} is in use by another program. Choose another one, for example PORT=8081.`,
  }),
  cannotListen: (host: string, port: number): Sentence => ({
    ja: `${host} のポート ${port} で待ち受けられません。HOST と PORT を確かめてください。`,
    en: `Cannot listen on ${host}, port ${port}. Check HOST and PORT.`,
  }),
  secretFileUnusable: (name: string): Sentence => ({
    ja: `${name}_FILE に指定されたファイルを読めないか、ファイルが空です。場所と権限を確かめてください。`,
    en: `The file that ${name}_FILE names cannot be read or is empty. Check its place and its permissions.`,
  }),
  dataDirUnusable: (dataDir: string): Sentence => ({
    ja: `${dataDir} に書き込めません。書き込めるフォルダーを DATA_DIR に指定してください。`,
    en: `Cannot write to ${dataDir}. Set DATA_DIR to a folder that this user may write to.`,
  }),
  storeLocked: (dataDir: string): Sentence => ({
    ja: `${dataDir} のデータベースは別の Amenimo が使っています。それを止めるか、別の DATA_DIR を指定してください。`,
    en: `Another Amenimo is using the data in ${dataDir}. Stop it, or set another DATA_DIR.`,
  }),
  storeUnavailable: {
    ja: 'データベースが応答しません。CouchDB が動いているか、COUCHDB_URL が正しいかを確かめてください。',
    en: 'The database does not answer. Check that CouchDB is running and that COUCHDB_URL is right.',
  },
  badSsoConfig: (place: string): Sentence => ({
    ja: `シングルサインオンの設定に誤りがあります（${place}）。書き方は docs/single-sign-on.md にあります。`,
    en: `The description of single sign-on is wrong (${place}). docs/single-sign-on.md shows how it is written.`,
  }),
  appNotBuilt: {
    ja: '画面のプログラムがまだ作られていません。npm start か npm run build を実行してください。',
    en: 'The app is not built yet. Run npm start, or npm run build.',
  },
  running: (url: string): Sentence => ({
    ja: `Amenimo が動いています: ${url}`,
    en: `Amenimo is running at ${url}`,
  }),
  stopping: { ja: '終了しています…', en: 'Stopping…' },
  practiceBegins: {
    ja: '練習用の市を用意しています（最初の一度だけ）…',
    en: 'Preparing the practice city (the first time only)…',
  },
  practiceAccounts: {
    ja: '練習用のアカウント（本番では使わないでください）:',
    en: 'Practice accounts (never for real use):',
  },
} as const;

/** Answered with 426: the app on the device and the gateway do not speak the same version. */
export const wrongProtocolSentence: Sentence = {
  ja: 'アプリとサーバーの版が合いません。アプリを新しくしてください。入力した内容は端末に残っています。',
  en: 'The app and the server are of different versions. Update the app; what was entered stays on this device.',
};

export const cliHelp: Sentence = {
  ja: `npm run amenimo -- <命令>

  help                            この説明
  city                            学校の一覧と人数、記録の数
  school <コード>                 一つの学校の学級
  account list [--school <コード>]
  account create <ログイン名> --name <氏名> --role <役割> [--school <コード>] [--homeroom <ID>]
                 [--class <ID>] [--grade-level <P1…J3>] [--person <ID>] [--until <日付>]
  account password <ログイン名>   新しいパスワード（--password-stdin で自分で決める）
  account lock|unlock <ログイン名>
  account sessions [<ログイン名>] [--end]
  import <zip>                    OneRoster の名簿を取り込む
  couch deploy                    COUCHDB_URL の CouchDB を整える
  verify                          すべてのハッシュ、受領印、検算、利用の記録の鎖を確かめる
  assets [--csv|--markdown]       情報資産台帳

DATA_DIR と COUCHDB_URL は npm start のときと同じにしてください。`,
  en: `npm run amenimo -- <command>

  help                            this text
  city                            the schools, with counts
  school <code>                   the homerooms of one school
  account list [--school <code>]
  account create <login> --name <name> --role <role> [--school <code>] [--homeroom <id>]
                 [--class <id>] [--grade-level <P1…J3>] [--person <id>] [--until <date>]
  account password <login>        a new password (--password-stdin to choose it)
  account lock|unlock <login>
  account sessions [<login>] [--end]
  import <zip>                    bring in a OneRoster package
  couch deploy                    make the CouchDB at COUCHDB_URL ready
  assets [--csv|--markdown]       the asset ledger
  verify                          check every hash, stamp, check sum and the access log’s chains

Give DATA_DIR and COUCHDB_URL the same values as for npm start.`,
};
