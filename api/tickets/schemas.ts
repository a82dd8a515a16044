import { type Static, Type } from 'typebox';
import { mostLines } from '../../domain/cart';
import { Named, Text } from '../registers/schemas';
import { Id, Input, Instant, MoneyInput, MoneyView, Nullable, QuantityInput, QuantityView } from '../schemas';

export const NewTicket = Input({
  siteId: Id(),
  registerId: Id(),
  name: Type.Optional(Nullable(Text(80))),
  lines: Type.Array(
    Input({
      sku: Type.String({ minLength: 1, maxLength: 64 }),
      quantity: QuantityInput(),
      unitPrice: Type.Optional(Nullable(MoneyInput())),
    }),
    { minItems: 1, maxItems: mostLines },
  ),
  replaces: Type.Optional(Nullable(Id('A ticket that was on this screen; dropped in the same moment'))),
});
export type NewTicket = Static<typeof NewTicket>;

export const ParkedTicket = Type.Object({
  id: Id(),
  short: Type.Optional(
    Type.Array(Type.Object({ sku: Type.String(), wanted: QuantityView, available: QuantityView }), {
      description: 'What could not be held: parked all the same, without a promise',
    }),
  ),
});
export type ParkedTicket = Static<typeof ParkedTicket>;

export const TicketSchema = Type.Object({
  id: Id(),
  name: Type.String(),
  siteId: Id(),
  registerId: Id(),
  state: Type.Enum(['parked', 'resumed']),
  lineCount: Type.Integer(),
  createdBy: Named,
  createdAt: Instant,
  expiresAt: Instant,
});
export type TicketView = Static<typeof TicketSchema>;

export const ResumedTicket = Type.Object({
  id: Id(),
  lines: Type.Array(
    Type.Object({
      sku: Type.String(),
      name: Type.String(),
      unit: Type.String(),
      quantity: QuantityView,
      price: MoneyView,
      unitPrice: Nullable(MoneyView),
      withdrawn: Type.Boolean(),
    }),
  ),
});
export type ResumedTicket = Static<typeof ResumedTicket>;
