import type { RollCall } from '#features/attendance/roll-call/roll-call.svelte.ts';
import { rollCallMessages as m } from '#features/attendance/roll-call/messages.ts';
import type { Lamp } from '#ui/status-lamp.ts';

/** How far this day's marks have come, as lamps and as the one sentence that matters now. */
export function dayLights(rollCall: RollCall): { lamps: Lamp[]; summary: string } {
  const { failedCount, unsavedCount } = rollCall;
  const marked = rollCall.rows.map((row) => rollCall.shown(row)).filter((shown) => shown.mark !== null);
  const waiting = marked.filter((shown) => shown.delivery === 'device').length;
  const refused = marked.filter((shown) => shown.delivery === 'refused').length;

  const device: Lamp = { stage: 'device', label: m.lampDevice, state: 'done', words: m.deviceSaved };
  const school: Lamp = { stage: 'school', label: m.lampSchool, state: 'done', words: m.schoolArrived };
  if (failedCount > 0) Object.assign(device, { state: 'problem', words: m.deviceFailed(failedCount) });
  else if (unsavedCount > 0) Object.assign(device, { state: 'waiting', words: m.deviceSaving });
  else if (marked.length === 0) Object.assign(device, { state: 'waiting', words: m.deviceNothing });
  if (refused > 0) Object.assign(school, { state: 'problem', words: m.schoolRefused(refused) });
  else if (waiting > 0 || unsavedCount > 0)
    Object.assign(school, { state: 'waiting', words: m.schoolWaiting(waiting + unsavedCount) });
  else if (marked.length === 0) Object.assign(school, { state: 'waiting', words: m.schoolNothing });

  return {
    lamps: [device, school],
    summary: summaryOf(failedCount, unsavedCount, refused, waiting, marked.length),
  };
}

function summaryOf(
  failed: number,
  unsaved: number,
  refused: number,
  waiting: number,
  marked: number,
): string {
  if (failed > 0) return m.summaryFailed(failed);
  if (unsaved > 0) return m.summarySaving;
  if (refused > 0) return m.summaryRefused(refused);
  if (waiting > 0) return m.summaryWaiting(waiting);
  return marked === 0 ? m.summaryNothing : m.summaryArrived;
}
