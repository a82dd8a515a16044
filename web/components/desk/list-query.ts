import { isDay } from './days';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Filters that an address carries; what it does not understand is no filter. */
export const filterOf = (params: URLSearchParams) => ({
  id: (name: string): string | null => (uuid.test(params.get(name) ?? '') ? params.get(name) : null),
  day: (name: string): string | null => (isDay(params.get(name)) ? params.get(name) : null),
  text: (name: string): string | null => params.get(name)?.trim().slice(0, 100) || null,
  flag: (name: string): boolean => params.get(name) === '1',
  oneOf: <T extends string>(name: string, choices: readonly T[]): T | null =>
    choices.find((choice) => choice === params.get(name)) ?? null,
});

type Value = string | number | boolean | null | undefined;

/** The question of a list to the API: what is not set is left out. */
export function queryTo(path: string, values: Record<string, Value>): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(values))
    if (value !== null && value !== undefined && value !== '') params.set(name, String(value));
  const text = params.toString();
  return text === '' ? path : `${path}?${text}`;
}

/** The same without what is not set, for a use case. */
export function given<T extends Record<string, Value>>(values: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== null && value !== undefined && value !== ''),
  ) as { [K in keyof T]?: NonNullable<T[K]> };
}
