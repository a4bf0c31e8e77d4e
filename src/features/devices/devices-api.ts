import * as z from 'zod/mini';
import { askGateway } from '#device/online-api.ts';
import { withStepUp } from '#features/session/step-up.svelte.ts';

const instant = z.number();
const ownership = z.enum(['school', 'private', 'unknown']);
const state = z.enum(['active', 'lost', 'retired']);

const summaryShape = z.object({
  id: z.string(),
  label: z.string(),
  ownership,
  state,
  platform: z.string(),
  registeredAt: z.nullable(instant),
  lastSeenAt: instant,
  persons: z.array(z.object({ id: z.string(), name: z.string(), lastSeenAt: instant })),
  lostAt: z.nullable(instant),
  wipedAt: z.nullable(instant),
});
const detailShape = z.extend(summaryShape, {
  firstSeenAt: instant,
  registeredBy: z.nullable(z.string()),
  lostBy: z.nullable(z.string()),
  report: z.nullable(
    z.object({
      at: instant,
      protection: z.enum(['password', 'passkey', 'memory']),
      encrypted: z.boolean(),
      waiting: z.number(),
    }),
  ),
  held: z.array(
    z.object({
      stream: z.string(),
      database: z.enum(['register', 'records', 'official1', 'official2']),
      importance: z.number(),
      schoolCode: z.string(),
      schoolName: z.string(),
      schoolYear: z.nullable(z.number()),
      entryCount: z.number(),
      homerooms: z.array(z.object({ title: z.string(), pupilCount: z.number() })),
    }),
  ),
  wiped: z.nullable(
    z.object({
      at: instant,
      persons: z.number(),
      databases: z.number(),
      handedIn: z.number(),
      notHandedIn: z.number(),
      drafts: z.number(),
    }),
  ),
});
const ownShape = z.object({
  devices: z.array(
    z.object({
      id: z.string(),
      label: z.string(),
      ownership,
      state,
      platform: z.string(),
      lastSeenAt: instant,
      isHere: z.boolean(),
      lostAt: z.nullable(instant),
      wipedAt: z.nullable(instant),
    }),
  ),
});
const listShape = z.object({ devices: z.array(summaryShape), here: z.string() });

export type Ownership = z.infer<typeof ownership>;
export type DeviceSummary = z.infer<typeof summaryShape>;
export type DeviceDetail = z.infer<typeof detailShape>;
export type OwnDevice = z.infer<typeof ownShape>['devices'][number];

function reader<T>(shape: z.ZodMiniType<T>): (answer: unknown) => T | null {
  return (answer) => {
    const parsed = shape.safeParse(answer);
    return parsed.success ? parsed.data : null;
  };
}

const readDetail = reader(detailShape);

/** What the screens of devices ask of the gateway; nothing of it is kept here. */
export const devicesApi = {
  list: () => askGateway('GET', '/api/devices', undefined, reader(listShape)),
  own: () => askGateway('GET', '/api/devices/own', undefined, reader(ownShape)),
  detail: (id: string) =>
    askGateway('GET', `/api/devices/detail?id=${encodeURIComponent(id)}`, undefined, readDetail),
  register: (body: { label: string; ownership: Ownership }) =>
    withStepUp(() => askGateway('POST', '/api/devices/register', body, readDetail)),
  lost: (id: string) => askGateway('POST', '/api/devices/lost', { id }, readDetail),
  found: (id: string) => withStepUp(() => askGateway('POST', '/api/devices/found', { id }, readDetail)),
  retire: (id: string) => withStepUp(() => askGateway('POST', '/api/devices/retire', { id }, readDetail)),
};
