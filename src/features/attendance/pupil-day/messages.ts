import type { WriteView } from '#device/views.ts';
import type { DayKind } from '#domain/calendar/day-kind.ts';
import { roleName } from '#features/session/messages.ts';
import { defineMessages } from '#ui/i18n/define-messages.ts';
import { formatDateTime } from '#ui/i18n/format-date.ts';
import { locale } from '#ui/i18n/locale.svelte.ts';

export const dayMessages = defineMessages({
  ja: {
    close: '閉じる',
    rosterNumber: (number: number) => `${number}番`,
    sheetTitle: (number: number | null, name: string) => (number === null ? name : `${number}番 ${name}`),
    unmarked: '未確認',
    unreadable: '読めない記号',
    takenBack: '取り消し',
    takeBack: '未確認に戻す',
    now: 'いまの記録',
    marks: '記号を選ぶ',
    note: '備考（理由など）',
    noteHint: '例：発熱、病院へ寄って10時ごろ登校',
    saveNote: '備考を保存',
    discardDraft: '書きかけを消す',
    draftKeeping: '書きかけを保存しています。',
    draftKept: '書きかけは、この端末に残してあります。',
    draftFound: (when: string) => `${when}の書きかけが残っていました。`,
    draftEntersOnLeaving: '閉じると備考になります。',
    draftNeedsMark: '記号を選ぶと備考になります。',
    draftNeedsChoice: '食い違いに決着を付けると備考になります。',
    draftNews: 'そのあと、ほかの人が記録を変えました。備考にすると、食い違いとして両方が残ります。',
    draftProblem_storageFull:
      'この端末の空きがなく、書きかけを保存できていません。文字は画面に残っています。',
    draftProblem_storageTrouble:
      'この端末の保存場所が答えず、書きかけを保存できていません。文字は画面に残っています。',
    draftProblem_locked: '鍵がかかり、書きかけを保存できていません。文字は画面に残っています。',
    history: 'これまでの記録',
    historyNone: 'まだ訂正はありません。',
    struck: '訂正前',
    by: (who: string, when: string) => `${who}　${when}`,
    unknownPerson: '名簿にない人',
    waiting: 'この端末に保存。学校へは送信待ち',
    arrived: '学校に届きました',
    refused: '学校が受け取りませんでした',
    saving: '保存しています',
    failed: '保存できていません',
    conflict: '食い違い',
    conflictTitle: '記録が食い違っています',
    conflictLead: 'どれが正しいか選んでください。選ぶまでは、印の付いたほうを仮に数えます。',
    provisional: '仮に表示中',
    settle: (mark: string) => `${mark}にする`,
    settleLabel: (mark: string, who: string) => `${mark}にする（${who}）`,
    unreadableLead:
      '新しいアプリで付けた記号です。この端末のアプリを新しくすると読めます。それまで書き換えられません。',
    readOnly: 'この学級の記録は見るだけです。',
    discard: 'この印をやめる',
    previousPupil: '前の人',
    nextPupil: '次の人',
  },
  en: {
    close: 'Close',
    rosterNumber: (number: number) => `No. ${number}`,
    sheetTitle: (number: number | null, name: string) => (number === null ? name : `${number} ${name}`),
    unmarked: 'Not marked',
    unreadable: 'Unreadable mark',
    takenBack: 'Taken back',
    takeBack: 'Back to not marked',
    now: 'Present record',
    marks: 'Choose a mark',
    note: 'Remarks (reason and so on)',
    noteHint: 'Example: fever; comes about 10:00 after seeing a doctor',
    saveNote: 'Save the remark',
    discardDraft: 'Drop what was begun',
    draftKeeping: 'Keeping what you have begun.',
    draftKept: 'What you have begun is kept on this device.',
    draftFound: (when: string) => `Left unfinished on ${when} and kept since.`,
    draftEntersOnLeaving: 'It becomes the remark when you close this.',
    draftNeedsMark: 'It becomes the remark when you choose a mark.',
    draftNeedsChoice: 'It becomes the remark when the conflict is settled.',
    draftNews:
      'Somebody else has changed the record since. As a remark it will stand beside that as a conflict.',
    draftProblem_storageFull:
      'This device is full, and what you have begun is not kept. The text stays on the screen.',
    draftProblem_storageTrouble:
      'The device’s storage does not answer, and what you have begun is not kept. The text stays on the screen.',
    draftProblem_locked:
      'The device was locked, and what you have begun is not kept. The text stays on the screen.',
    history: 'Earlier records',
    historyNone: 'Nothing has been corrected.',
    struck: 'Before the correction',
    by: (who: string, when: string) => `${who}, ${when}`,
    unknownPerson: 'someone not on the staff list',
    waiting: 'Saved on this device, waiting to be sent',
    arrived: 'Arrived at school',
    refused: 'Not accepted by the school',
    saving: 'Saving',
    failed: 'Not saved',
    conflict: 'Conflict',
    conflictTitle: 'The records disagree',
    conflictLead: 'Choose which is right. Until then the marked one is counted for the time being.',
    provisional: 'Shown for now',
    settle: (mark: string) => `Keep “${mark}”`,
    settleLabel: (mark: string, who: string) => `Keep “${mark}” (${who})`,
    unreadableLead:
      'A newer app wrote this mark. Update the app on this device to read it; until then it cannot be changed.',
    readOnly: 'You can only read the records of this homeroom.',
    discard: 'Drop this mark',
    previousPupil: 'Previous pupil',
    nextPupil: 'Next pupil',
  },
});

const dayKindNames: Record<'ja' | 'en', Record<DayKind, string>> = {
  ja: {
    schoolDay: '授業日',
    weekend: '週休日',
    nationalHoliday: '祝日',
    holiday: '休業日',
    vacation: '長期休業',
    schoolClosure: '臨時休業',
    gradeLevelClosure: '学年閉鎖',
    homeroomClosure: '学級閉鎖',
    outsideYear: '年度の外',
  },
  en: {
    schoolDay: 'school day',
    weekend: 'weekend',
    nationalHoliday: 'national holiday',
    holiday: 'school holiday',
    vacation: 'vacation',
    schoolClosure: 'school closed',
    gradeLevelClosure: 'grade closed',
    homeroomClosure: 'homeroom closed',
    outsideYear: 'outside the school year',
  },
};

export function dayKindName(kind: DayKind): string {
  return dayKindNames[locale.current][kind];
}

/** What a day is called: by its own title where the calendar has one, else by its kind. */
export function dayName(day: {
  readonly kind: DayKind;
  readonly title: string | null;
  readonly titleEn: string | null;
}): string {
  const title = locale.current === 'en' ? (day.titleEn ?? day.title) : day.title;
  return title ?? dayKindName(day.kind);
}

const dayKindSigns: Record<'ja' | 'en', Partial<Record<DayKind, string>>> = {
  ja: {
    nationalHoliday: '祝',
    holiday: '休',
    vacation: '休',
    schoolClosure: '臨休',
    gradeLevelClosure: '閉',
    homeroomClosure: '閉',
  },
  en: {
    nationalHoliday: 'hol',
    holiday: 'off',
    vacation: 'vac',
    schoolClosure: 'cl',
    gradeLevelClosure: 'cl',
    homeroomClosure: 'cl',
  },
};

/** A sign for the narrow head of a column; empty for what the weekday says already. */
export function dayKindSign(kind: DayKind): string {
  return dayKindSigns[locale.current][kind] ?? '';
}

/** 田中 養護教諭 8:31 · with the day in front where it is not `date`. */
export function authorOf(write: WriteView): string {
  const name = write.byName || dayMessages.unknownPerson;
  return write.byRole ? `${name} ${roleName(write.byRole)}` : name;
}

export function authorAndTime(write: WriteView): string {
  return dayMessages.by(authorOf(write), formatDateTime(write.madeAt, locale.current, 'short'));
}

export function deliveryName(delivery: WriteView['delivery']): string {
  if (delivery === 'school') return dayMessages.arrived;
  return delivery === 'device' ? dayMessages.waiting : dayMessages.refused;
}
