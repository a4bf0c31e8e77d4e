import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
  type AuthenticationResponseJSON,
  type AuthenticatorTransport,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  type RegistrationResponseJSON,
} from '@simplewebauthn/server';
import type { Passkey } from './person-factors.ts';

/** Where a ceremony takes place, as the browser sees it. */
export interface PasskeySite {
  /** `https://school.example` */
  readonly origin: string;
  /** `school.example` */
  readonly rpId: string;
}

/** null where no passkey can be: the app was opened by a number and not by a name. */
export function findPasskeySite(origin: string): PasskeySite | null {
  const { hostname } = new URL(origin);
  const isNumber = hostname.startsWith('[') || /^\d+(?:\.\d+){3}$/.test(hostname);
  return isNumber ? null : { origin, rpId: hostname };
}

/** Asks for a passkey that unlocks itself by finger, face or PIN: then it is two factors in one. */
export function askForNewPasskey(
  { rpId }: PasskeySite,
  product: string,
  person: { readonly id: string; readonly login: string; readonly name: string },
  present: readonly Passkey[],
): Promise<PublicKeyCredentialCreationOptionsJSON> {
  return generateRegistrationOptions({
    rpID: rpId,
    rpName: product,
    userID: new Uint8Array(Buffer.from(person.id, 'utf8')),
    userName: person.login,
    userDisplayName: person.name,
    attestationType: 'none',
    excludeCredentials: present.filter((each) => each.rpId === rpId).map(descriptorOf),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  });
}

/** Asks for one of these, or where none is named for any that this site has on the device. */
export function askForPasskey(
  { rpId }: PasskeySite,
  passkeys: readonly Passkey[],
): Promise<PublicKeyCredentialRequestOptionsJSON> {
  return generateAuthenticationOptions({
    rpID: rpId,
    userVerification: 'required',
    allowCredentials: passkeys.filter((each) => each.rpId === rpId).map(descriptorOf),
  });
}

/** Asks for one of a person's own; null where this is no site for passkeys, or none of them was made here. */
export async function askForOwnPasskey(
  site: PasskeySite | null,
  passkeys: readonly Passkey[],
): Promise<PublicKeyCredentialRequestOptionsJSON | null> {
  return site && passkeys.some(({ rpId }) => rpId === site.rpId) ? askForPasskey(site, passkeys) : null;
}

/** The new passkey; null where what came back is not an answer to this challenge from this site. */
export async function readNewPasskey(
  { origin, rpId }: PasskeySite,
  challenge: string,
  response: unknown,
): Promise<Omit<Passkey, 'label' | 'addedAt' | 'lastUsedAt'> | null> {
  try {
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: response as RegistrationResponseJSON,
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: rpId,
      requireUserVerification: true,
    });
    if (!verified) return null;
    const { id, publicKey, counter, transports } = registrationInfo.credential;
    return {
      id,
      publicKey: Buffer.from(publicKey).toString('base64url'),
      counter,
      rpId,
      transports: transports ?? [],
    };
  } catch {
    // The library throws for whatever does not fit, be it forged or only broken.
    return null;
  }
}

/** The counter after this use; null where the proof is not this passkey's, for this challenge, from this site. */
export async function findPasskeyUse(
  { origin, rpId }: PasskeySite,
  challenge: string,
  passkey: Passkey,
  response: unknown,
): Promise<number | null> {
  if (passkey.rpId !== rpId) return null;
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: response as AuthenticationResponseJSON,
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: rpId,
      requireUserVerification: true,
      credential: {
        id: passkey.id,
        publicKey: new Uint8Array(Buffer.from(passkey.publicKey, 'base64url')),
        counter: passkey.counter,
        transports: passkey.transports as AuthenticatorTransport[],
      },
    });
    return verified ? authenticationInfo.newCounter : null;
  } catch {
    return null;
  }
}

function descriptorOf({ id, transports }: Passkey): {
  id: string;
  transports: AuthenticatorTransport[];
} {
  return { id, transports: transports as AuthenticatorTransport[] };
}
