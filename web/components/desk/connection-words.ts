/** What to do about a connection that is not up: each kind of system in its own words. */
export function todoKey(kind: string, state: 'down' | 'credentials' | 'incompatible') {
  if (kind === 'mail' && state !== 'incompatible') return `status.connection.todo_${state}_mail` as const;
  return `status.connection.todo_${state}` as const;
}
