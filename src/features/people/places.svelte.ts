import { peopleApi, type Places } from '#features/people/people-api.ts';
import { placeNamesOf, type PlaceNames } from '#features/people/describe-grant.ts';

/** The schools and homerooms that a person may give roles at, asked for once a screen. */
export class PlacesInReach {
  places = $state.raw<Places>({ atBoard: false, schools: [] });
  readonly names: PlaceNames = $derived(
    placeNamesOf(
      this.places.schools.map(({ code, name, years }) => ({
        code,
        name,
        homerooms: years.flatMap(({ homerooms }) => homerooms),
      })),
    ),
  );

  async load(): Promise<void> {
    const result = await peopleApi.places();
    // Without names a screen still shows codes; the list beside says that the gateway cannot be reached.
    if (result.ok) this.places = result.value;
  }
}
