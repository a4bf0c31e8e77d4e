import * as z from 'zod/mini';
import { askGateway } from '#device/online-api.ts';

const shape = z.object({
  streams: z.array(z.object({ key: z.string(), hold: z.string(), because: z.string() })),
});

/** Why a stream is not on this device, a closed set: each has a sentence. */
const reasons = ['waiting', 'offline', 'signedOut', 'secondFactorMissing', 'outsideWithoutPermit'] as const;
const refusals = ['privateDeviceRefused', 'notReadable', 'otherTab'] as const;
export type WhyNotHere = (typeof reasons)[number] | (typeof refusals)[number];

/** Asks the school why this device does not have a stream. */
export async function askWhyNotHere(stream: string): Promise<WhyNotHere> {
  const result = await askGateway('GET', '/api/holdings', undefined, (answer) => {
    const parsed = shape.safeParse(answer);
    return parsed.success ? parsed.data : null;
  });
  if (!result.ok) return result.code === 'signedOut' ? 'signedOut' : 'offline';
  const found = result.value.streams.find(({ key }) => key === stream);
  if (!found) return 'notReadable';
  if (found.hold === 'disk' || found.hold === 'memory') return 'waiting';
  const because = [...reasons, ...refusals].find((reason) => reason === found.because);
  return because ?? 'notReadable';
}
