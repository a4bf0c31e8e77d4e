/**
 * Somebody at the school with another machine: signs in over HTTP, straight at the gateway, and asks for the whole
 * register. What it holds is what the school has, read without any of the app's screens or stores.
 */
export class SchoolReader {
  #code;
  #url;
  #cookie = '';
  /** @type {import('./register-copy.ts').RegisterCopy | null} */
  #copy = null;
  /** The gateway's clock minus Node's. */
  clockOffset = Infinity;
  personId = '';

  /** @param {typeof import('./register-copy.ts')} code @param {string} url */
  constructor(code, url) {
    this.#code = code;
    this.#url = url;
  }

  get register() {
    if (!this.#copy) throw new Error('nothing was read yet');
    return this.#copy;
  }

  /** @param {string} login @param {string} password @returns {Promise<{ id: string, grants: { role: string, homeroomId?: string }[] }>} */
  async signIn(login, password) {
    const answer = await fetch(`${this.#url}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: this.#url },
      body: JSON.stringify({ login, password, device: 'fault-reader' }),
    });
    if (!answer.ok) throw new Error(`sign-in of the reader: ${answer.status} ${await answer.text()}`);
    this.#cookie = (answer.headers.getSetCookie()[0] ?? '').split(';')[0] ?? '';
    const { person, streams } = /** @type {any} */ (await answer.json());
    this.personId = person.id;
    this.clockOffset = Infinity;
    this.#copy = streams[0] ? new this.#code.RegisterCopy(streams[0].key) : null;
    return person;
  }

  /** @param {string} old @param {string} own */
  async changePassword(old, own) {
    const answer = await fetch(`${this.#url}/api/password`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: this.#url, cookie: this.#cookie },
      body: JSON.stringify({ old, new: own }),
    });
    if (!answer.ok) throw new Error(`change of the password: ${answer.status} ${await answer.text()}`);
  }

  /** Takes in what is new. */
  async pull() {
    const { entries } = await this.#exchange([]);
    this.register.add(entries.get(this.register.stream) ?? []);
  }

  /** A fresh copy of everything, for the end: what was pulled bit by bit must be the same. */
  async copyAfresh() {
    const stream = this.register.stream;
    this.#copy = new this.#code.RegisterCopy(stream);
    await this.pull();
  }

  /** Hands in entries of the reader's own. @param {readonly unknown[]} entries */
  async push(entries) {
    const { head, entries: news } = await this.#exchange(
      entries.map((entry) => ({ stream: this.register.stream, entry })),
    );
    this.register.add(news.get(this.register.stream) ?? []);
    const refused = head.verdicts.find(({ verdict }) => verdict !== 'accepted');
    if (refused) throw new Error(`the reader's entry: ${JSON.stringify(refused)}`);
  }

  /** Takes everything that lies in the school's tray into the register; how much that was. */
  async takeAllFromTray() {
    const [, school = ''] = /^register-([a-z0-9]+)-/.exec(this.register.stream) ?? [];
    const code = school.toUpperCase();
    const { open } = await this.#ask('GET', `/api/tray?school=${code}`);
    for (const { id } of open) await this.#ask('POST', '/api/tray/take', { school: code, id });
    await this.pull();
    return open.length;
  }

  /** Stops the one device that is not this machine. */
  async reportLost() {
    const { devices, here } = await this.#ask('GET', '/api/devices');
    const others = devices.filter((/** @type {{ id: string }} */ { id }) => id !== here);
    if (others.length !== 1) throw new Error(`${others.length} devices to choose from`);
    await this.#ask('POST', '/api/devices/lost', { id: others[0].id });
  }

  /** All writes of pupils' days, with the time they came in Node's clock. */
  writes() {
    return this.register
      .attendance()
      .map((write) => ({ ...write, receivedAt: write.receivedAt - this.clockOffset }));
  }

  /** @param {'GET' | 'POST'} method @param {string} path @param {object} [body] @returns {Promise<any>} */
  async #ask(method, path, body) {
    const answer = await fetch(`${this.#url}${path}`, {
      method,
      headers: { 'content-type': 'application/json', origin: this.#url, cookie: this.#cookie },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }

  /** @param {readonly { stream: string, entry: unknown }[]} push */
  async #exchange(push) {
    const { stream } = this.register;
    const state = this.register.state();
    const asked = Date.now();
    const answer = await fetch(`${this.#url}/api/exchange`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: this.#url, cookie: this.#cookie },
      body: JSON.stringify({
        protocol: this.#code.PROTOCOL_VERSION,
        app: 'fault-suite',
        device: 'fault-reader',
        streams: state.count > 0 ? { [stream]: state } : {},
        push,
      }),
    });
    if (!answer.ok) throw new Error(`the reader's exchange: ${answer.status} ${await answer.text()}`);
    const read = await this.#code.readAnswer(new Uint8Array(await answer.arrayBuffer()));
    // The gateway looked at its clock after the question: the true difference is no larger, and the least is nearest.
    this.clockOffset = Math.min(this.clockOffset, read.head.now - asked);
    return read;
  }
}
