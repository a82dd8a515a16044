/** Recordings that the contract test does not replay, each with its reason. One that is in neither place fails the test. */
export const NOT_REPLAYED: readonly { names: RegExp; reason: string }[] = [
  { names: /^seed-/, reason: 'they built the recorded databases; the start state of the test stands for their result' },
  { names: /^acct-/, reason: 'accounting: the simulator has no accounting models yet' },
  { names: /^fields-get-account-/, reason: 'accounting: the simulator has no accounting models yet' },
  { names: /^fault-access-account$/, reason: 'accounting: account.move is an unknown model here' },
];

/** Why a recording is not replayed, or null when it is. */
export function reasonAgainst(name: string): string | null {
  return NOT_REPLAYED.find((entry) => entry.names.test(name))?.reason ?? null;
}
