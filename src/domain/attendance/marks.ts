/**
 * 出欠の記号 as data: no national standard exists, a board decides symbols and meanings
 * (school-records 2a, "customary marks"). Every count goes through `counts`, never through a code.
 */
export interface MarkDefinition {
  /** Stable code written in entries. */
  readonly code: string;
  /** What the register prints; empty for 出席. */
  readonly symbol: string;
  readonly name: { readonly ja: string; readonly en: string };
  readonly counts: MarkCount;
  /** The order of this mark among those offered to a teacher; 0 is the plain presence. */
  readonly order: number;
  /**
   * Which value is shown provisionally while several are open: the highest wins. A decision of the principal or
   * of the nurse (出席停止) outranks what is seen in the classroom.
   */
  readonly precedence: number;
}

export interface MarkCount {
  /** `present` 出席, `absent` 欠席, `excluded` 出席停止・忌引等. */
  readonly as: 'present' | 'absent' | 'excluded';
  /** For `absent`: 病欠 or 事故欠; for `excluded`: why. */
  readonly reason?: 'illness' | 'other' | 'infectiousDisease' | 'misconduct' | 'bereavement' | 'disaster';
  readonly late?: true;
  readonly earlyDeparture?: true;
  /** 出席扱い: counts as presence and is listed in 備考. */
  readonly credited?: true;
}

export type MarkTable = ReadonlyMap<string, MarkDefinition>;
