import { defineMessages } from '#ui/i18n/define-messages.ts';

/** Sentences of signing in by the board's provider, and of the password that a device has then. */
export const singleSignOnMessages = defineMessages({
  ja: {
    signInWith: (name: string) => `${name}でログイン`,
    refused: 'ログインが終わっていません。もう一度ボタンを押してください。',
    unavailable:
      '教育委員会のログインのサービスが答えません。少し待って、もう一度押してください。続くときは教育委員会へ連絡してください。',
    noAccount: 'ログインできましたが、雨にもを使う人として登録されていません。教育委員会へ連絡してください。',
    passwordTitle: 'この端末の記録を開く',
    passwordLead: (login: string) =>
      `${login} でログインしました。この端末を開くときのパスワードを入れてください。`,
    open: '開く',
    forgotten: 'この端末のパスワードを忘れた',
    newPasswordTitle: 'この端末のパスワードを決めてください',
    newPasswordLead: (login: string) =>
      `${login} でログインしました。記録は鍵をかけてこの端末に保存します。電波のないところで開くときのパスワードを決めてください。このパスワードは、この端末の中だけで使います。`,
    anewTitle: 'この端末のパスワードを決め直してください',
    anewLead:
      '学校にある記録は、新しいパスワードで開けます。前のパスワードのときに送り終えていない記録は、鍵をかけたまま学校が預かります。',
    backToPassword: '前のパスワードを入れる',
    startAgain: 'ログインの画面に戻る',
    sessionEndedLead: (name: string) =>
      `記録はこの端末に保存しています。${name}でログインし直すと、学校へ送ります。`,
    sessionEndedWait:
      '記録はこの端末に保存しています。ネットワークにつながると、ここからログインし直せます。',
    devicePasswordTitle: 'この端末のパスワード',
    devicePasswordLead:
      'この端末の記録を開くときのパスワードです。この端末の中だけで使い、学校には送りません。',
    devicePasswordDone: 'この端末のパスワードを変えました。',
  },
  en: {
    signInWith: (name: string) => `Sign in with ${name}`,
    refused: 'The sign-in was not finished. Press the button again.',
    unavailable:
      'The board’s sign-in service does not answer. Wait a little and press again. If it goes on, tell the board of education.',
    noAccount:
      'You signed in, but you are not registered as a person who uses Amenimo. Please tell the board of education.',
    passwordTitle: 'Open the records on this device',
    passwordLead: (login: string) => `Signed in as ${login}. Enter the password that opens this device.`,
    open: 'Open',
    forgotten: 'I forgot this device’s password',
    newPasswordTitle: 'Choose a password for this device',
    newPasswordLead: (login: string) =>
      `Signed in as ${login}. Records are kept locked on this device. Choose the password that opens them where there is no network. It is used on this device alone.`,
    anewTitle: 'Choose another password for this device',
    anewLead:
      'What the school has opens with the new password. Records that were not sent under the old one are kept by the school, still locked.',
    backToPassword: 'Enter the old password',
    startAgain: 'Back to the sign-in screen',
    sessionEndedLead: (name: string) =>
      `Records are kept on this device. Sign in with ${name} again to send them.`,
    sessionEndedWait:
      'Records are kept on this device. Once there is a network you can sign in again from here.',
    devicePasswordTitle: 'Password of this device',
    devicePasswordLead:
      'It opens the records on this device. It is used on this device alone and never sent to the school.',
    devicePasswordDone: 'The password of this device was changed.',
  },
});
