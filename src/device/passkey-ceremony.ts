import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/browser';

/** What the authenticator answered, for the gateway; the person may also have closed the browser's window. */
export type PasskeyAnswer =
  | { readonly ok: true; readonly response: unknown }
  | { readonly ok: false; readonly code: 'passkeyCancelled' | 'passkeyKnown' };

/** Whether this browser, at this address, can have passkeys at all. */
export function canUsePasskeys(): boolean {
  const { hostname } = location;
  const isNumber = hostname.startsWith('[') || /^\d+(?:\.\d+){3}$/.test(hostname);
  return isSecureContext && !isNumber && typeof PublicKeyCredential === 'function';
}

/** Lets the person choose and unlock a passkey. `options` are the gateway's. */
export function usePasskey(options: unknown): Promise<PasskeyAnswer> {
  return answerOf(async () => {
    const { startAuthentication } = await import('@simplewebauthn/browser');
    return startAuthentication({ optionsJSON: options as PublicKeyCredentialRequestOptionsJSON });
  });
}

/** Lets the person make one. */
export function makePasskey(options: unknown): Promise<PasskeyAnswer> {
  return answerOf(async () => {
    const { startRegistration } = await import('@simplewebauthn/browser');
    return startRegistration({ optionsJSON: options as PublicKeyCredentialCreationOptionsJSON });
  });
}

async function answerOf(ask: () => Promise<unknown>): Promise<PasskeyAnswer> {
  try {
    return { ok: true, response: await ask() };
  } catch (error) {
    // The browser tells a closed window, a time that ran out and a missing key apart from nothing.
    const isKnown = error instanceof Error && error.name === 'InvalidStateError';
    return { ok: false, code: isKnown ? 'passkeyKnown' : 'passkeyCancelled' };
  }
}
