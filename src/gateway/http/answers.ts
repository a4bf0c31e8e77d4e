/** The one shape of a refusal: a code of a closed set per route, and what the code needs to be understood. */
export interface Refusal {
  readonly code: string;
  readonly [detail: string]: unknown;
}

const NO_STORE = { 'Cache-Control': 'no-store' } as const;

export function jsonAnswer(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'Content-Type': 'application/json; charset=utf-8', ...NO_STORE, ...headers },
  });
}

export function refusal(status: number, code: string, details: Omit<Refusal, 'code'> = {}): Response {
  return jsonAnswer({ code, ...details }, status);
}

/** Sends bytes as they come; a failure on the way cuts the answer short. */
export function streamAnswer(
  chunks: AsyncGenerator<Uint8Array<ArrayBuffer>>,
  contentType: string,
  onFailure: (error: unknown) => void,
): Response {
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      try {
        const { value, done } = await chunks.next();
        if (done) controller.close();
        else controller.enqueue(value);
      } catch (error) {
        onFailure(error);
        controller.error(error);
      }
    },
    async cancel() {
      await chunks.return(undefined);
    },
  });
  return new Response(body, { headers: { 'Content-Type': contentType, ...NO_STORE } });
}
