import type { UseCases } from '../../../api/use-cases';
import { type Actor, can } from '../../../domain/access';
import { everyRow } from './every-row';

/** Everybody whom the actor may filter by; only themselves where the role does not know the others. */
export async function listPeople(useCases: UseCases, actor: Actor): Promise<{ id: string; name: string }[]> {
  if (!can(actor, 'users.read')) return [{ id: actor.userId, name: actor.name }];
  const people: { id: string; name: string }[] = [];
  const page = (cursor: string | undefined) =>
    useCases.listUsers(actor, { limit: 200, ...(cursor !== undefined && { cursor }) });
  for await (const { id, name } of everyRow(page)) people.push({ id, name });
  return people;
}
