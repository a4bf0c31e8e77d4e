import * as z from 'zod/mini';
import { askGateway } from '#device/online-api.ts';
import { studentRecordValue, type StudentRecordValue } from '#ledger/record-kinds.ts';

const shape = z.object({
  record: z.nullable(studentRecordValue),
  painted: z.array(z.string()),
  writtenByName: z.nullable(z.string()),
  writtenAt: z.nullable(z.number()),
  canWrite: z.boolean(),
});
export type OfficialAnswer = z.infer<typeof shape>;

const read = (answer: unknown): OfficialAnswer | null => {
  const parsed = shape.safeParse(answer);
  return parsed.success ? parsed.data : null;
};

/** Importance Ⅰ: asked for one pupil at a time, and kept by nobody here but the screen that shows it. */
export const officialApi = {
  read: (school: string, student: string) =>
    askGateway(
      'GET',
      `/api/official?school=${encodeURIComponent(school)}&student=${encodeURIComponent(student)}`,
      undefined,
      read,
    ),
  write: (school: string, student: string, value: StudentRecordValue, painted: readonly string[]) =>
    askGateway('POST', '/api/official', { school, student, value, painted }, read),
};
