import { database } from '../offline/db';
import type { Cart } from './cart';
import type { SaleInput } from './api';

/** A sale that was sent, or is about to be: its key and its body stay the same until it is answered. */
export interface Attempt {
  key: string;
  kind: Cart['mode'];
  input: SaleInput;
  total: number;
  at: string;
}

/** What is kept of a till between two loads of its page. */
export interface Draft {
  version: 1;
  cart: Cart;
  attempt: Attempt | null;
}

export interface Who {
  tenantId: string;
  userId: string;
}

const keyOf = ({ tenantId, userId }: Who): string => `pos:${tenantId}:${userId}`;

export async function readDraft(who: Who): Promise<Draft | null> {
  const kept = (await (await database()).get('note', keyOf(who))) as Draft | undefined;
  return kept?.version === 1 ? kept : null;
}

/** @param surely resolves when the disk has it: before a sale is sent */
export async function writeDraft(who: Who, draft: Draft, surely = false): Promise<void> {
  const options = surely ? ({ durability: 'strict' } as const) : undefined;
  const tx = (await database()).transaction('note', 'readwrite', options);
  void tx.store.put(draft, keyOf(who));
  await tx.done;
}
