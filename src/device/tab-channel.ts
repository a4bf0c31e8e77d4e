import type { UnlockedVault } from './person-vault.ts';
import { openChannel } from './channel.ts';

/** An open vault that one tab offers to another of the same browser. The key in it cannot be exported. */
export interface SharedSession {
  readonly personId: string;
  readonly vault: UnlockedVault;
}

type TabMessage =
  | { readonly type: 'askForSession' }
  | { readonly type: 'openSession'; readonly session: SharedSession }
  | { readonly type: 'sessionBegan'; readonly personId: string };

export interface TabChannel {
  post(message: Extract<TabMessage, { type: 'sessionBegan' }>): void;
  /** What another tab has open; null where none answers soon. */
  askForSession(): Promise<SharedSession | null>;
}

const ANSWER_MS = 120;

/** Between all tabs of this browser, whoever uses them. */
export function openTabChannel(ports: {
  onSessionBegan(personId: string): void;
  sharedSession(): SharedSession | null;
}): TabChannel {
  let answered: ((session: SharedSession) => void) | null = null;
  const channel = openChannel<TabMessage>('amenimo', (message) => {
    if (message.type === 'sessionBegan') ports.onSessionBegan(message.personId);
    else if (message.type === 'openSession') answered?.(message.session);
    else {
      const session = ports.sharedSession();
      if (!session) return;
      try {
        channel.post({ type: 'openSession', session });
      } catch {
        // A browser that hands no keys from tab to tab: the other one asks for the password.
      }
    }
  });
  return {
    post: (message) => channel.post(message),
    askForSession: () =>
      new Promise((resolve) => {
        const timer = setTimeout(() => resolve(null), ANSWER_MS);
        answered = (session) => {
          clearTimeout(timer);
          resolve(session);
        };
        channel.post({ type: 'askForSession' });
      }),
  };
}
