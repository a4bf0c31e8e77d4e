import type { Handle } from '@sveltejs/kit';
import { dev } from '$app/environment';

/**
 * The built server dispatches to the gateway before Kit sees a request (src/gateway/start.ts). Under `vite dev`
 * there is only Kit, so the gateway is mounted here, over the same data folder.
 */
export const handle: Handle = async ({ event, resolve }) => {
  if (!dev) return resolve(event);
  const { isGatewayPath, openDevGateway } = await import('#gateway/server/dev-gateway.ts');
  if (!isGatewayPath(event.url.pathname)) return resolve(event);
  const gateway = await openDevGateway();
  return gateway.handle(event.request, { address: event.getClientAddress(), secure: false });
};
