import { StoreUnavailable } from '../store/document-store.ts';
import type { GatewayParts } from '../gateway-parts.ts';
import { jsonAnswer } from './answers.ts';

/** `GET /healthz` */
export async function answerHealth(parts: GatewayParts): Promise<Response> {
  const facts = { store: parts.store.kind, version: parts.version };
  try {
    await parts.store.ping();
    return jsonAnswer({ status: 'ok', ...facts });
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    return jsonAnswer({ status: 'unavailable', ...facts }, 503);
  }
}
