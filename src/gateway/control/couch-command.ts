import type { Sentence, TerminalLanguage } from '../messages.ts';
import { startSentences } from '../messages.ts';
import { deployCouch, type DeployRefusal } from '../store/couch-deploy.ts';
import { StoreUnavailable } from '../store/document-store.ts';
import { ensureProxySecret } from '../store/proxy-secret.ts';

function refusalSentence(refusal: DeployRefusal): Sentence {
  switch (refusal.code) {
    case 'notAdministrator':
      return {
        ja: 'COUCHDB_URL に管理者の名前とパスワードを入れてください（http://admin:パスワード@ホスト:5984）。',
        en: 'Put the administrator’s name and password into COUCHDB_URL (http://admin:password@host:5984).',
      };
    case 'versionTooOld':
      return {
        ja: `CouchDB ${refusal.version} は古すぎます。${refusal.oldest} 以上が必要です。`,
        en: `CouchDB ${refusal.version} is too old; ${refusal.oldest} or newer is needed.`,
      };
    case 'adminParty':
      return {
        ja: 'この CouchDB では誰でも管理者になれます。管理者のパスワードを設定してから、もう一度実行してください。',
        en: 'Anybody is administrator of this CouchDB. Set an administrator’s password, then run this again.',
      };
    case 'proxyAuthenticationOpen':
      return {
        ja: 'プロキシ認証に秘密がなく、誰でも他人になりすませます。proxy_use_secret を true にしてから、もう一度実行してください。',
        en: 'Proxy authentication has no secret, so anybody can be anyone. Set proxy_use_secret to true, then run this again.',
      };
    case 'proxySecretTooShort':
      return {
        ja: `COUCHDB_PROXY_SECRET は ${refusal.shortest} 文字以上にしてください。`,
        en: `COUCHDB_PROXY_SECRET has at least ${refusal.shortest} characters.`,
      };
    case 'restartNeeded':
      return {
        ja: '設定を書きました。CouchDB を再起動してから、もう一度実行してください。',
        en: 'The settings were written. Restart CouchDB, then run this again.',
      };
  }
}

/** `couch deploy`: needs no gateway, only COUCHDB_URL. */
export async function runCouchCommand(
  words: readonly string[],
  settings: { readonly couchdbUrl: string | null; readonly dataDir: string },
  language: TerminalLanguage,
  print: (line: string) => void,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<number> {
  if (words[0] !== 'deploy') {
    print({ ja: 'couch deploy を使ってください。', en: 'Use couch deploy.' }[language]);
    return 2;
  }
  if (settings.couchdbUrl === null) {
    print({ ja: 'COUCHDB_URL を指定してください。', en: 'Set COUCHDB_URL first.' }[language]);
    return 2;
  }
  try {
    const proxySecret = await ensureProxySecret(settings.dataDir, env);
    const result = await deployCouch(settings.couchdbUrl, { proxySecret });
    if (!result.ok) {
      print(refusalSentence(result.refusal)[language]);
      return 1;
    }
    print(`CouchDB ${result.version}`);
    for (const name of result.changedSettings) print(`  ${name}`);
    for (const db of [...result.createdDatabases, ...result.databases]) print(`  ${db}`);
    for (const { node, address } of result.warnings) {
      const sentence = {
        ja: `! ${node} は ${address} で待ち受けています。ゲートウェイ以外から届かないようにしてください。`,
        en: `! ${node} listens on ${address}. Make sure that only the gateway can reach it.`,
      };
      print(sentence[language]);
    }
    return 0;
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    print(startSentences.storeUnavailable[language]);
    return 1;
  }
}
