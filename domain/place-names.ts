/** A place as the outside system names it: `path` is its whole name, `A/B/C`, `name` its last part (which may hold a `/` itself). */
export interface NamedPlace {
  path: string;
  name: string;
}

/**
 * What people call each place: its own name, and where two of the list are called alike as much of the path before it as
 * tells them apart («Cámara 1 / A-01» and «Cámara 2 / A-01»). In the order of the list.
 */
export function placeNames(places: readonly NamedPlace[]): string[] {
  const parents = places.map(({ path, name }) => path.slice(0, -name.length).split('/').filter(Boolean));
  const depths = places.map(() => 0);
  const nameAt = (index: number): string => {
    const depth = depths[index]!;
    return [...(depth === 0 ? [] : parents[index]!.slice(-depth)), places[index]!.name].join(' / ');
  };
  for (;;) {
    const names = places.map((_, index) => nameAt(index));
    const alike = new Map<string, number[]>();
    names.forEach((name, index) => alike.set(name, [...(alike.get(name) ?? []), index]));
    const ambiguous = [...alike.values()]
      .filter((group) => group.length > 1)
      .flat()
      .filter((index) => depths[index]! < parents[index]!.length);
    if (ambiguous.length === 0) return names;
    for (const index of ambiguous) depths[index]!++;
  }
}
