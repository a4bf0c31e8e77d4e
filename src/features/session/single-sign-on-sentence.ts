import { proofSentence } from '#features/session/proof-sentence.ts';
import type { SingleSignOnProblem } from '#features/session/single-sign-on.svelte.ts';
import { singleSignOnMessages as m } from '#features/session/single-sign-on-messages.ts';

/** Why somebody who came back from the provider is not signed in. */
export function singleSignOnSentence(problem: SingleSignOnProblem): string {
  return problem === 'refused' || problem === 'unavailable' || problem === 'noAccount'
    ? m[problem]
    : proofSentence({ code: problem });
}
