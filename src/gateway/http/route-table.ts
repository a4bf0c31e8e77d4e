import type { GatewayParts } from '../gateway-parts.ts';
import type { RequestContext, SignedIn } from './request-context.ts';

export type PublicRoute = (
  parts: GatewayParts,
  request: Request,
  context: RequestContext,
) => Promise<Response>;
export type SignedInRoute = (parts: GatewayParts, request: Request, signedIn: SignedIn) => Promise<Response>;

/** Routes by `METHOD /path`. A path holds no id: what a request is about stands in its body or its query. */
export type PublicRoutes = Readonly<Record<string, PublicRoute>>;
export type SignedInRoutes = Readonly<Record<string, SignedInRoute>>;
