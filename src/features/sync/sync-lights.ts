import type { SyncView } from '#device/views.ts';
import { syncMessages as m } from '#features/sync/messages.ts';
import type { Lamp } from '#ui/status-lamp.ts';

/** The device's two lamps and the one sentence that matters now. */
export function syncLights(sync: SyncView): { lamps: Lamp[]; summary: string } {
  const trouble = sync.diskFull || sync.phase === 'storageTrouble';
  const device: Lamp = {
    stage: 'device',
    label: m.device,
    state: trouble ? 'problem' : 'done',
    words: sync.diskFull ? m.diskFull : trouble ? m.storageTrouble : m.saved,
  };
  const school: Lamp = { stage: 'school', label: m.school, state: 'done', words: m.arrived };
  if (sync.refused.length > 0)
    Object.assign(school, { state: 'problem', words: m.refused(sync.refused.length) });
  else if (sync.waitingCount > 0)
    Object.assign(school, { state: 'waiting', words: m.waiting(sync.waitingCount) });
  else if (!sync.complete) Object.assign(school, { state: 'waiting', words: m.summaryReceiving });
  return { lamps: [device, school], summary: summaryOf(sync) };
}

/** Short enough for the bar at the top. */
function summaryOf(sync: SyncView): string {
  if (sync.diskFull) return m.diskFull;
  if (sync.phase === 'storageTrouble') return m.summaryStorageTrouble;
  if (sync.refused.length > 0) return m.refused(sync.refused.length);
  if (sync.phase === 'signedOut') return m.summarySignedOut;
  if (sync.waitingCount > 0) return m.summaryWaiting(sync.waitingCount);
  if (!sync.complete) return m.summaryReceiving;
  return sync.phase === 'offline' || sync.phase === 'serverTrouble' ? m.shortOffline : m.summaryArrived;
}

/** Why something waits, and what comes next. */
export function whyWaiting(sync: SyncView): string {
  switch (sync.phase) {
    case 'idle':
      return m.whyIdle;
    case 'exchanging':
      return m.whyExchanging;
    case 'offline':
      return m.whyOffline;
    case 'signedOut':
      return m.whySignedOut;
    case 'serverTrouble':
      return m.whyServerTrouble;
    case 'storageTrouble':
      return sync.diskFull ? m.whyDiskFull : m.whyStorageTrouble;
  }
}

const reasons: Readonly<Record<string, () => string>> = {
  denied: () => m.reason_denied,
  noGrant: () => m.reason_denied,
  notThisHomeroom: () => m.reason_denied,
  notThisKind: () => m.reason_denied,
  expired: () => m.reason_expired,
  notEnrolled: () => m.reason_notEnrolled,
  tooLarge: () => m.reason_tooLarge,
  inTray: () => m.reason_inTray,
  rejected: () => m.reason_rejected,
  invalid: () => m.reason_invalid,
};

/** A refusal in a school's words; the gateway's codes may grow, so an unknown one is named. */
export function refusalReason(code: string): string {
  return reasons[code]?.() ?? m.reason_other(code);
}
