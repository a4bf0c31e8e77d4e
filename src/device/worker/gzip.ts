import type { Bytes } from '../../vault/crypto-port.ts';

async function pipe(bytes: Bytes, transform: GenericTransformStream): Promise<Response> {
  return new Response(new Blob([bytes]).stream().pipeThrough(transform as ReadableWritablePair));
}

export async function gzip(text: string): Promise<Bytes> {
  const bytes = new TextEncoder().encode(text);
  return new Uint8Array(await (await pipe(bytes, new CompressionStream('gzip'))).arrayBuffer());
}

/** Throws where the bytes are no gzip or were cut. */
export async function gunzip(bytes: Bytes): Promise<string> {
  return (await pipe(bytes, new DecompressionStream('gzip'))).text();
}
