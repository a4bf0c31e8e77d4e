import { defineMessages } from '#ui/i18n/define-messages.ts';

const words = defineMessages({
  ja: {
    password: 'パスワード',
    totp: '認証アプリの番号',
    passkey: 'パスキー',
    recoveryCode: '回復コード',
    singleSignOn: 'シングルサインオン',
    badCredentials: 'IDかパスワードが違う',
    badProof: '二段階目の確認が違う',
    lockedOut: '続けて失敗したため待ち',
    provider: 'シングルサインオンの提供元が断った',
    commandLine: '管理用コマンド',
    push: '記録の送信',
    others: 'ほかのセッションすべて',
    headMissing: '終わりの記録がない',
    headForged: '終わりの記録が偽物',
  },
  en: {
    password: 'password',
    totp: 'authenticator app',
    passkey: 'passkey',
    recoveryCode: 'recovery code',
    singleSignOn: 'single sign-on',
    badCredentials: 'wrong ID or password',
    badProof: 'wrong second factor',
    lockedOut: 'made to wait after failures',
    provider: 'refused by the provider',
    commandLine: 'command line',
    push: 'sending records',
    others: 'all other sessions',
    headMissing: 'its end is missing',
    headForged: 'its end is forged',
  },
});

/** A code of the log in words where there are some; else as it is, for whoever looks closer. */
export function codeWords(code: string): string {
  return code
    .split('+')
    .map((part) => (Object.hasOwn(words, part) ? words[part as keyof typeof words] : part))
    .join(' + ');
}
