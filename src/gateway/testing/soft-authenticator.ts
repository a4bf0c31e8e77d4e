import { createHash, createSign, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';

interface Options {
  readonly challenge: string;
  readonly rpId?: string;
  readonly rp?: { readonly id?: string };
  readonly user?: { readonly id: string };
}

const PRESENT = 0x01;
const VERIFIED = 0x04;
const ATTESTED = 0x40;

const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
const sha256 = (bytes: Uint8Array | string): Buffer => createHash('sha256').update(bytes).digest();

/** A passkey in software, as far as WebAuthn sees one: ES256, no attestation, a counter. */
export class SoftAuthenticator {
  readonly #id = randomBytes(16);
  readonly #key: KeyObject;
  readonly #point: { readonly x: Buffer; readonly y: Buffer };
  origin: string;
  userHandle = '';
  counter = 0;
  /** False: the person touched it and did not unlock it. */
  verifies = true;

  constructor(origin: string) {
    this.origin = origin;
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.#key = privateKey;
    const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
    this.#point = { x: Buffer.from(x, 'base64url'), y: Buffer.from(y, 'base64url') };
  }

  get id(): string {
    return base64url(this.#id);
  }

  create({ challenge, rp, user }: Options): Record<string, unknown> {
    this.userHandle = user?.id ?? '';
    const { x, y } = this.#point;
    // COSE: {1: 2, 3: -7, -1: 1, -2: x, -3: y}
    const cose = Buffer.concat([
      Buffer.from('a5010203262001215820', 'hex'),
      x,
      Buffer.from('225820', 'hex'),
      y,
    ]);
    const credential = Buffer.concat([Buffer.alloc(16), Buffer.from([0, this.#id.length]), this.#id, cose]);
    const data = Buffer.concat([this.#dataOf(rp?.id ?? '', ATTESTED), credential]);
    // CBOR: {fmt: "none", attStmt: {}, authData: bytes}
    const head = Buffer.from('a363666d74646e6f6e656761747453746d74a068617574684461746159', 'hex');
    const length = Buffer.alloc(2);
    length.writeUInt16BE(data.length);
    return this.#answer({
      clientDataJSON: this.#clientData('webauthn.create', challenge),
      attestationObject: base64url(Buffer.concat([head, length, data])),
      transports: ['internal'],
    });
  }

  get({ challenge, rpId }: Options): Record<string, unknown> {
    this.counter += 1;
    const data = this.#dataOf(rpId ?? '', 0);
    const clientData = Buffer.from(this.#clientData('webauthn.get', challenge), 'base64url');
    const signature = createSign('sha256').update(data).update(sha256(clientData)).sign(this.#key);
    return this.#answer({
      clientDataJSON: base64url(clientData),
      authenticatorData: base64url(data),
      signature: base64url(signature),
      userHandle: this.userHandle,
    });
  }

  #dataOf(rpId: string, more: number): Buffer {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(this.counter);
    return Buffer.concat([
      sha256(rpId),
      Buffer.from([PRESENT | (this.verifies ? VERIFIED : 0) | more]),
      counter,
    ]);
  }

  #clientData(type: string, challenge: string): string {
    const { origin } = this;
    return base64url(Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false })));
  }

  #answer(response: Record<string, unknown>): Record<string, unknown> {
    const { id } = this;
    return { id, rawId: id, type: 'public-key', response, clientExtensionResults: {} };
  }
}
