import * as z from 'zod/mini';
import { permitStates, permitStorages } from '#access/permit.ts';
import type { PermitProblem, PermitRequestInput } from '#access/permit-request.ts';
import { askGateway } from '#device/online-api.ts';
import { withStepUp } from '#features/session/step-up.svelte.ts';

const instant = z.nullable(z.number());

const permitShape = z.object({
  id: z.string(),
  personId: z.string(),
  personName: z.string(),
  schoolCode: z.string(),
  streams: z.array(z.string()),
  classes: z.array(z.string()),
  reason: z.string(),
  from: z.string(),
  until: z.string(),
  device: z.string(),
  deviceLabel: z.string(),
  storage: z.enum(permitStorages),
  state: z.enum(permitStates),
  requestedAt: z.number(),
  decidedAt: instant,
  decidedByName: z.nullable(z.string()),
  decisionNote: z.string(),
  takenAt: instant,
  endedAt: instant,
  returnedAt: instant,
  returnedBy: z.nullable(z.enum(['person', 'device'])),
});
const ownShape = z.object({
  permits: z.array(permitShape),
  schools: z.array(
    z.object({
      code: z.string(),
      name: z.string(),
      classes: z.array(z.object({ stream: z.string(), title: z.string() })),
    }),
  ),
  devices: z.array(
    z.object({
      id: z.string(),
      label: z.string(),
      platform: z.string(),
      ownership: z.string(),
      isHere: z.boolean(),
    }),
  ),
  maxPermitDays: z.number(),
  today: z.string(),
});
const schoolsShape = z.object({
  schools: z.array(
    z.object({
      code: z.string(),
      name: z.string(),
      blanket: z.object({ allowed: z.boolean(), bySchool: z.boolean() }),
      permits: z.array(z.extend(permitShape, { mayDecide: z.boolean() })),
    }),
  ),
  today: z.string(),
});
const blanketShape = z.object({ schoolCode: z.string(), allowed: z.boolean() });

export type PermitView = z.infer<typeof permitShape>;
export type OwnPermits = z.infer<typeof ownShape>;
export type SchoolPermits = z.infer<typeof schoolsShape>['schools'][number];
export type DecidablePermit = SchoolPermits['permits'][number];

function reader<T>(shape: z.ZodMiniType<T>): (answer: unknown) => T | null {
  return (answer) => {
    const parsed = shape.safeParse(answer);
    return parsed.success ? parsed.data : null;
  };
}

const readPermit = reader(permitShape);

/** What the screens of permits ask of the gateway; nothing of it is kept here. */
export const permitsApi = {
  own: () => askGateway('GET', '/api/permits', undefined, reader(ownShape)),
  ofSchools: () => askGateway('GET', '/api/permits/school', undefined, reader(schoolsShape)),
  request: (request: PermitRequestInput) => askGateway('POST', '/api/permits/request', request, readPermit),
  giveBack: (id: string) => askGateway('POST', '/api/permits/return', { id }, readPermit),
  decide: (id: string, granted: boolean, note: string) =>
    withStepUp(() => askGateway('POST', '/api/permits/decide', { id, granted, note }, readPermit)),
  revoke: (id: string) => withStepUp(() => askGateway('POST', '/api/permits/revoke', { id }, readPermit)),
  setBlanket: (schoolCode: string, allowed: boolean) =>
    withStepUp(() =>
      askGateway('POST', '/api/permits/blanket', { schoolCode, allowed }, reader(blanketShape)),
    ),
};

const problemsShape = z.array(z.object({ field: z.string(), code: z.string() }));

/** What the gateway found wrong with a request; it knows the day and the policy better than this device. */
export function problemsOf(details: Readonly<Record<string, unknown>>): readonly PermitProblem[] {
  const parsed = problemsShape.safeParse(details.problems);
  return parsed.success ? (parsed.data as readonly PermitProblem[]) : [];
}
