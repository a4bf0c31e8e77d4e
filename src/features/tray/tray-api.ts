import * as z from 'zod/mini';
import { askGateway } from '#device/online-api.ts';

const rowShape = z.object({
  id: z.string(),
  state: z.enum(['waiting', 'held', 'taken', 'rejected', 'arrived', 'refused']),
  code: z.string(),
  at: z.number(),
  device: z.string(),
  from: z.string(),
  by: z.nullable(z.string()),
  kind: z.string(),
  on: z.nullable(z.string()),
  madeAt: z.nullable(z.number()),
  cells: z.array(
    z.object({
      key: z.string(),
      value: z.json(),
      pupil: z.nullable(
        z.object({ name: z.string(), homeroom: z.string(), rosterNumber: z.nullable(z.number()) }),
      ),
      present: z.array(z.object({ value: z.json(), by: z.string(), madeAt: z.number() })),
    }),
  ),
  decision: z.nullable(z.object({ by: z.string(), at: z.number(), why: z.optional(z.string()) })),
});
const trayShape = z.object({ open: z.array(rowShape), openCount: z.number(), decided: z.array(rowShape) });

export type TrayRow = z.infer<typeof rowShape>;
export type TrayCell = TrayRow['cells'][number];
export type TrayAnswer = z.infer<typeof trayShape>;

function readTray(answer: unknown): TrayAnswer | null {
  const parsed = trayShape.safeParse(answer);
  return parsed.success ? parsed.data : null;
}

/** What the tray's screen asks of the gateway; nothing of it is kept here. */
export const trayApi = {
  list: (school: string) =>
    askGateway('GET', `/api/tray?school=${encodeURIComponent(school)}`, undefined, readTray),
  take: (school: string, id: string) =>
    askGateway('POST', '/api/tray/take', { school, id }, (answer) => answer),
  reject: (school: string, id: string, why: string) =>
    askGateway('POST', '/api/tray/reject', { school, id, why }, (answer) => answer),
};
