import type { GatewayParts } from '../gateway-parts.ts';
import type { SignedIn } from './request-context.ts';

/** Writes into the audit that somebody was denied what a route does. Being asked for a fresh proof is no denial. */
export async function noteDenial(
  { repeatedEvents }: Pick<GatewayParts, 'repeatedEvents'>,
  route: string,
  { account, session }: SignedIn,
  answer: Response,
): Promise<void> {
  if (answer.status !== 403) return;
  const body: unknown = await answer.clone().json();
  if ((body as { code?: unknown }).code !== 'denied') return;
  await repeatedEvents.record({
    kind: 'denied',
    by: account.personId,
    device: session.device,
    session: session.id,
    code: route,
  });
}
