import type { Locator, Page } from '@playwright/test';

/** A pupil's line as it stands on the screen, and what the sheet says its sums are. */
export interface SheetRow {
  readonly pupil: string;
  readonly marks: readonly string[];
  readonly totals: readonly number[];
}

/** The month's table as text: no class, no attribute, only what a person reads. */
export interface Sheet {
  /** One for each day: 「11月3日(火) 文化の日」. */
  readonly days: readonly string[];
  readonly rows: readonly SheetRow[];
  /** The lines under the table, by their names. */
  readonly sums: Readonly<Record<string, readonly string[]>>;
  readonly classTotals: readonly number[];
}

export const TOTAL_COLUMNS = [
  '授業日数',
  '出席停止・忌引等の日数',
  '出席しなければならない日数',
  '欠席 病気',
  '欠席 事故',
  '出席日数',
  '遅刻',
  '早退',
] as const;

export type TotalColumn = (typeof TOTAL_COLUMNS)[number];

export function registerTable(page: Page): Locator {
  return page.getByRole('table', { name: / 出席簿$/ });
}

export async function readSheet(page: Page): Promise<Sheet> {
  const cells = await registerTable(page).evaluate((table: HTMLTableElement) => {
    const textOf = (part: HTMLTableSectionElement | null): string[][] =>
      [...(part?.rows ?? [])].map((row) => [...row.cells].map((cell) => cell.innerText.trim()));
    return {
      head: [...(table.tHead?.rows[0]?.cells ?? [])].map(
        (cell) => cell.querySelector('a')?.getAttribute('aria-label') ?? cell.innerText.trim(),
      ),
      body: textOf(table.tBodies[0] ?? null),
      foot: textOf(table.tFoot),
    };
  });
  const days = cells.head.filter((cell) => cell.endsWith(' の出席確認を開く'));
  const [pupilHead, ...others] = cells.head;
  if (pupilHead !== '氏名' || others.slice(days.length).join() !== [...TOTAL_COLUMNS, '備考'].join())
    throw new Error(`another head than expected: ${cells.head.join('|')}`);
  const first = cells.foot[0] ?? [];
  return {
    days: days.map((day) => day.replace(' の出席確認を開く', '')),
    rows: cells.body.map((row) => ({
      pupil: row[0] ?? '',
      marks: row.slice(1, 1 + days.length),
      totals: row.slice(1 + days.length, 1 + days.length + TOTAL_COLUMNS.length).map(Number),
    })),
    sums: Object.fromEntries(cells.foot.map((row) => [row[0] ?? '', row.slice(1, 1 + days.length)])),
    classTotals: first.slice(1 + days.length, 1 + days.length + TOTAL_COLUMNS.length).map(Number),
  };
}
