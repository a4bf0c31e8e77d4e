import * as z from 'zod/mini';
import { askGateway } from './online-api.ts';

const providerShape = z.object({ name: z.nullable(z.string()) });

/** The name of the provider with which people of this board sign in; null where there is none, or nobody answers. */
export async function askProviderName(): Promise<string | null> {
  if (!navigator.onLine) return null;
  const result = await askGateway('GET', '/api/single-sign-on', undefined, (answer) => {
    const parsed = providerShape.safeParse(answer);
    return parsed.success ? parsed.data : null;
  });
  return result.ok ? result.value.name : null;
}

/** Where the way through the provider begins: a navigation, no request of the app's own. */
export function singleSignOnAddress(deviceId: string): string {
  return `/api/single-sign-on/start?device=${encodeURIComponent(deviceId)}`;
}
