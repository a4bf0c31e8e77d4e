import browserKilled from './faults/browser-killed.mjs';
import clockJumps from './faults/clock-jumps.mjs';
import entryRefused from './faults/entry-refused.mjs';
import leftUnsent from './faults/left-unsent.mjs';
import { answerLost, requestCut } from './faults/request-cut.mjs';
import sessionExpired from './faults/session-expired.mjs';
import tabClosed from './faults/tab-closed.mjs';
import { alternatingTabs, tabsInBursts } from './faults/two-tabs.mjs';

/** By the numbers of the measures note. Those that share a server stand together. */
export const FAULTS = [
  browserKilled,
  tabClosed,
  alternatingTabs,
  tabsInBursts,
  requestCut,
  answerLost,
  entryRefused,
  sessionExpired,
  clockJumps,
  leftUnsent,
];
