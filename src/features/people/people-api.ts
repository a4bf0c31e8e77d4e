import * as z from 'zod/mini';
import { rightCodes, type Explanation, type RightCode } from '#access/explain-access.ts';
import { roles, type Grant } from '#access/subject.ts';
import { askGateway, type ApiResult } from '#device/online-api.ts';
import { parseCalendarDate, type CalendarDate } from '#domain/calendar/calendar-date.ts';
import { gradeLevels } from '#domain/roster/roster.ts';
import { withStepUp } from '#features/session/step-up.svelte.ts';

const date = z.string().check(z.refine((value) => parseCalendarDate(value) !== null));
const grantShape = z.object({
  role: z.enum(roles),
  schoolCode: z.nullable(z.string()),
  homeroomId: z.optional(z.string()),
  classId: z.optional(z.string()),
  gradeLevel: z.optional(z.enum(gradeLevels)),
  inPlaceOf: z.optional(z.string()),
  from: date,
  until: date,
});
const summaryShape = z.object({
  personId: z.string(),
  login: z.string(),
  name: z.string(),
  locked: z.boolean(),
  hasPassword: z.boolean(),
  grants: z.array(grantShape),
  hasOtherGrants: z.boolean(),
});
const detailsShape = z.extend(summaryShape, {
  may: z.object({ lock: z.boolean(), password: z.boolean(), factors: z.boolean() }),
});
const listShape = z.object({ total: z.int(), pageSize: z.int(), people: z.array(summaryShape) });
const placesShape = z.object({
  atBoard: z.boolean(),
  schools: z.array(
    z.object({
      code: z.string(),
      name: z.string(),
      years: z.array(
        z.object({
          schoolYear: z.int(),
          until: date,
          homerooms: z.array(
            z.object({ id: z.string(), title: z.string(), gradeLevels: z.array(z.enum(gradeLevels)) }),
          ),
        }),
      ),
    }),
  ),
});
const accessShape = z.object({
  on: date,
  explanations: z.array(
    z.object({
      right: z.enum(rightCodes as [RightCode, ...RightCode[]]),
      schoolCode: z.nullable(z.string()),
      homeroomId: z.optional(z.string()),
      because: grantShape,
    }),
  ),
  schools: z.array(
    z.object({
      code: z.string(),
      name: z.string(),
      homerooms: z.array(z.object({ id: z.string(), title: z.string() })),
    }),
  ),
});
const yearEndShape = z.object({
  from: date,
  people: z.array(z.extend(summaryShape, { next: z.array(grantShape), hasNothing: z.boolean() })),
});
const resultsShape = z.object({
  results: z.array(z.object({ person: z.string(), code: z.string() })),
});

/** The shapes with their grants and dates by the types that their checks have earned. */
export type PersonSummary = Omit<z.infer<typeof summaryShape>, 'grants'> & {
  readonly grants: readonly Grant[];
};
export type PersonDetails = PersonSummary & Pick<z.infer<typeof detailsShape>, 'may'>;
export type Places = z.infer<typeof placesShape>;
export interface AccessAnswer {
  readonly on: CalendarDate;
  readonly explanations: readonly Explanation[];
  readonly schools: z.infer<typeof accessShape>['schools'];
}
export interface YearEnd {
  readonly from: CalendarDate;
  readonly people: readonly (PersonSummary & {
    readonly next: readonly Grant[];
    readonly hasNothing: boolean;
  })[];
}

/** Reads an answer as a shape says; `T` is the same with dates and grants by their own types. */
function reader<T>(shape: z.ZodMiniType): (answer: unknown) => T | null {
  return (answer) => {
    const parsed = shape.safeParse(answer);
    return parsed.success ? (parsed.data as T) : null;
  };
}

function get<T>(path: `/api/${string}`, query: Record<string, string>, shape: z.ZodMiniType) {
  const search = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== ''));
  const address = search.size > 0 ? (`${path}?${search}` as const) : path;
  return askGateway('GET', address, undefined, reader<T>(shape));
}

function change<T>(path: `/api/${string}`, body: unknown, shape: z.ZodMiniType): Promise<ApiResult<T>> {
  return withStepUp(() => askGateway('POST', path, body, reader<T>(shape)));
}

export interface PeopleFilter {
  readonly search: string;
  readonly school: string;
  readonly role: string;
  readonly valid: '' | 'now' | 'none';
  readonly page: number;
}

/** What the people screens ask of the gateway; nothing of it is kept on the device. */
export const peopleApi = {
  list: ({ page, ...filter }: PeopleFilter) =>
    get<{ total: number; pageSize: number; people: PersonSummary[] }>(
      '/api/people',
      { ...filter, page: String(page) },
      listShape,
    ),
  person: (person: string) =>
    get<{ person: PersonDetails }>('/api/people/person', { person }, z.object({ person: detailsShape })),
  places: () => get<Places>('/api/people/places', {}, placesShape),
  access: (person: string, on: string) =>
    get<AccessAnswer>('/api/people/access', { person, on }, accessShape),
  myAccess: () => get<AccessAnswer>('/api/me/access', {}, accessShape),
  yearEnd: (school: string) => get<YearEnd>('/api/people/year-end', { school }, yearEndShape),
  create: (body: { login: string; familyName: string; givenName: string; grants: readonly Grant[] }) =>
    change<{ person: PersonDetails; password: string }>(
      '/api/people',
      body,
      z.object({ person: detailsShape, password: z.string() }),
    ),
  setGrants: (person: string, grants: readonly Grant[]) =>
    change<{ person: PersonDetails }>(
      '/api/people/grants',
      { person, grants },
      z.object({ person: detailsShape }),
    ),
  setLocked: (person: string, locked: boolean) =>
    change<{ locked: boolean }>(
      locked ? '/api/people/lock' : '/api/people/unlock',
      { person },
      z.object({ locked: z.boolean() }),
    ),
  newPassword: (person: string) =>
    change<{ login: string; name: string; password: string }>(
      '/api/people/password',
      { person },
      z.object({ login: z.string(), name: z.string(), password: z.string() }),
    ),
  resetFactors: (person: string) =>
    change<{ ok: true }>('/api/people/factors/reset', { person }, z.object({ ok: z.literal(true) })),
  prepareYear: (people: readonly { person: string; grants: readonly Grant[] }[]) =>
    change<{ results: { person: string; code: string }[] }>('/api/people/year-end', { people }, resultsShape),
};
