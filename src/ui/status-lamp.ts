/** How far something has come on its way: one lamp a stage. */
export type LampStage = 'device' | 'school' | 'board';
export type LampState = 'done' | 'waiting' | 'problem';

export interface Lamp {
  stage: LampStage;
  state: LampState;
  /** The stage's name, such as この端末. */
  label: string;
  /** The state in words, such as 保存しました. */
  words: string;
}
