import { defineMessages } from '#ui/i18n/define-messages.ts';

export const conflictMessages = defineMessages({
  ja: {
    title: '食い違い',
    lead: '同じ日の同じ人に、違う印が付いています。どちらも残っています。正しいほうを選んでください。',
    noneTitle: '食い違いはありません',
    noneLead: '同じ人に違う印が付くと、ここに並びます。',
    openDay: 'この日を開く',
    settled: (name: string, mark: string) => `${name}を${mark}に決めました`,
    failed: '決めたことを保存できませんでした。もう一度押してください。',
    readOnly: '担任か養護教諭が決めます。',
    loading: '読み込んでいます',
  },
  en: {
    title: 'Conflicts',
    lead: 'One pupil has different marks on one day. Both are kept. Choose the right one.',
    noneTitle: 'Nothing is in conflict',
    noneLead: 'When a pupil gets different marks, they are listed here.',
    openDay: 'Open this day',
    settled: (name: string, mark: string) => `${name}: settled on ${mark}`,
    failed: 'The decision could not be saved. Press once more.',
    readOnly: 'The homeroom teacher or the school nurse decides.',
    loading: 'Loading',
  },
});
