import { parseSchoolDatabase } from '../ledger/stream.ts';

/** 重要性分類 of MEXT's guideline, as far as it concerns stored data: Ⅰ is the highest. */
export type Importance = 1 | 2 | 3;

/**
 * How important what a database holds is. null: the gateway's own (accounts, audit, tray, oversight), which no device
 * ever holds, and what no rule names.
 */
export function importanceOf(db: string): Importance | null {
  if (/^commons-[a-z0-9]/.test(db)) return 3;
  switch (parseSchoolDatabase(db)?.class) {
    case 'register':
      return 3;
    case 'records':
      return 2;
    case 'official1':
    case 'official2':
      return 1;
    default:
      return null;
  }
}
