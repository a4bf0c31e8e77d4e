import type { Query, ResultOf } from '#device/views.ts';
import { getSession } from '#features/session/session-context.ts';

/**
 * A live query of the device as a rune; call it while a component is set up. `query` may change: until the answer
 * to the new question is there, the last one stays, so a screen that steps from day to day does not flicker. Who
 * must not show the old beside the new compares what the result says of itself (its date, its homeroom).
 */
export function watchQuery<Q extends Query>(
  query: () => Q | null,
): { readonly current: ResultOf<Q> | undefined } {
  const session = getSession();
  // As text, so that the same question asked again is no new one.
  const asked = $derived(JSON.stringify(query()));
  let result = $state.raw<ResultOf<Q>>();

  // Outside: the device's live query.
  $effect(() => {
    const question = JSON.parse(asked) as Q | null;
    const device = session.device;
    if (!question || !device) {
      result = undefined;
      return;
    }
    return device.watch(question, (answer) => {
      result = answer;
    });
  });

  return {
    get current() {
      return result;
    },
  };
}
