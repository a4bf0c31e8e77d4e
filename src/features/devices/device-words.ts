import type { DeviceDetail, DeviceSummary } from '#features/devices/devices-api.ts';
import { deviceMessages as m } from '#features/devices/messages.ts';
import type { Tone } from '#ui/tone.ts';

/** A device's state in words and in a tone, which says nothing by itself. */
export function stateOf(device: Pick<DeviceSummary, 'state' | 'wipedAt'>): { words: string; tone: Tone } {
  if (device.state === 'lost') {
    return device.wipedAt === null
      ? { words: m.state_lost, tone: 'problem' }
      : { words: m.state_wiped, tone: 'caution' };
  }
  return device.state === 'retired'
    ? { words: m.state_retired, tone: 'neutral' }
    : { words: m.state_active, tone: 'good' };
}

export function labelOf({ label }: Pick<DeviceSummary, 'label'>): string {
  return label === '' ? m.noLabel : label;
}

/** One kind of information on a device, as a board's report names it. */
export function informationOf({
  database,
  schoolName,
  schoolCode,
  schoolYear,
}: DeviceDetail['held'][number]): string {
  const school = schoolName === '' ? schoolCode : schoolName;
  const year = schoolYear === null ? '' : m.schoolYear(schoolYear);
  if (database === 'register') return m.database_register(school, year);
  if (database === 'records') return m.database_records(school, year);
  return database === 'official1' ? m.database_official1(school) : m.database_official2(school);
}

/** The title of a trouble with the school's server. */
export function troubleOf(code: string): string {
  if (code === 'offline') return m.trouble_offline;
  if (code === 'signedOut') return m.trouble_signedOut;
  if (code === 'denied') return m.trouble_denied;
  return code === 'unknownDevice' ? m.trouble_unknownDevice : m.trouble_other;
}
