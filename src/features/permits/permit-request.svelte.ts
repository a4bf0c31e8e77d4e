import { checkPermitRequest, type PermitProblem } from '#access/permit-request.ts';
import type { PermitStorage } from '#access/permit.ts';
import { calendarDate } from '#domain/calendar/calendar-date.ts';
import { permitMessages as m } from '#features/permits/messages.ts';
import { permitsApi, problemsOf, type OwnPermits, type PermitView } from '#features/permits/permits-api.ts';

export type RequestField = PermitProblem['field'];

/** What a person fills in to ask for a permit, and what is wrong with it. */
export class PermitRequestForm {
  schoolCode = $state('');
  streams = $state<string[]>([]);
  reason = $state('');
  from = $state('');
  lastDay = $state('');
  device = $state('');
  storage = $state<PermitStorage>('memory');
  problems = $state.raw<readonly PermitProblem[]>([]);
  busy = $state(false);
  /** A code of the gateway beyond the fields. */
  failure = $state('');

  begin({ schools, devices, today }: OwnPermits): void {
    const [school] = schools;
    this.schoolCode = school?.code ?? '';
    const [only, ...more] = school?.classes ?? [];
    this.streams = only && more.length === 0 ? [only.stream] : [];
    this.reason = '';
    this.from = today;
    this.lastDay = today;
    this.device = (devices.find(({ isHere }) => isHere) ?? devices[0])?.id ?? '';
    this.storage = 'memory';
    this.problems = [];
    this.failure = '';
  }

  toggle(stream: string, chosen: boolean): void {
    this.streams = chosen ? [...this.streams, stream] : this.streams.filter((each) => each !== stream);
  }

  problemOf(field: RequestField, maxPermitDays: number): string | undefined {
    const problem = this.problems.find((each) => each.field === field);
    if (!problem) return undefined;
    if (problem.code === 'tooManyDays') return m.problem_lastDay_tooManyDays(maxPermitDays);
    const name = `problem_${problem.field}_${problem.code}` as keyof typeof m;
    return m[name] as string;
  }

  /** The permit as it was taken in; null where something is to be put right first. */
  async send({ today, maxPermitDays }: OwnPermits): Promise<PermitView | null> {
    const { schoolCode, streams, reason, from, lastDay, device, storage } = this;
    const request = { schoolCode, streams: [...streams], reason, from, lastDay, device, storage };
    const checked = checkPermitRequest(request, calendarDate(today), maxPermitDays);
    this.failure = '';
    this.problems = checked.ok ? [] : checked.problems;
    if (!checked.ok) return null;
    this.busy = true;
    const result = await permitsApi.request(request);
    this.busy = false;
    if (result.ok) return result.value;
    if (result.code === 'invalid') this.problems = problemsOf(result.details);
    else this.failure = result.code;
    return null;
  }
}
