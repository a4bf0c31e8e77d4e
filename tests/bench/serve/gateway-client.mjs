/** Another device of the same school, as far as a push needs one. */
export class GatewayClient {
  /** What it says it has: all that the gateway said it had, so that little is sent back. */
  #streams = /** @type {Record<string, { count: number, digest: string }>} */ ({});

  /** @param {string} url @param {string} cookie */
  constructor(url, cookie) {
    this.url = url;
    this.cookie = cookie;
  }

  /** @param {string} url @param {string} login @param {string} password */
  static async signIn(url, login, password) {
    const answer = await post(url, '/api/session', { login, password, device: 'bench-other' });
    const cookie = answer.headers.get('set-cookie')?.split(';')[0];
    if (!answer.ok || !cookie) throw new Error(`sign-in answered ${answer.status}`);
    return new GatewayClient(url, cookie);
  }

  /** Hands in entries; the answer is read and thrown away. @param {string} stream @param {readonly object[]} entries */
  async push(stream, entries) {
    const request = {
      protocol: 1,
      app: 'bench',
      device: 'bench-other',
      streams: this.#streams,
      push: entries.map((entry) => ({ stream, entry })),
    };
    const answer = await post(this.url, '/api/exchange', request, this.cookie);
    const body = Buffer.from(await answer.arrayBuffer());
    if (!answer.ok) throw new Error(`a push was answered with ${answer.status}`);
    const { verdicts, streams } = headOf(body);
    const refused = verdicts.find(({ verdict }) => verdict !== 'accepted');
    if (refused) throw new Error(`a pushed entry was ${refused.verdict}: ${refused.code}`);
    const { count, digest } = streams[stream] ?? { count: 0, digest: '' };
    this.#streams = { [stream]: { count, digest } };
  }
}

/**
 * The first frame: one byte of type, four of length, JSON.
 *
 * @param {Buffer} body
 * @returns {{ verdicts: { verdict: string, code?: string }[], streams: Record<string, { count: number, digest: string }> }}
 */
function headOf(body) {
  return JSON.parse(body.subarray(5, 5 + body.readUInt32BE(1)).toString('utf8'));
}

/** @param {string} url @param {string} path @param {unknown} body @param {string} [cookie] */
function post(url, path, body, cookie) {
  return fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url, ...(cookie ? { cookie } : {}) },
    body: JSON.stringify(body),
  });
}
