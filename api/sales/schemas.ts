import { type Static, Type } from 'typebox';
import { mostLines } from '../../domain/cart';
import { documentKinds } from '../../domain/till';
import { State } from '../operations/schemas';
import { ReceiptMail } from '../receipts/schemas';
import { Method, Named, Text } from '../registers/schemas';
import { Id, Input, Instant, MoneyInput, MoneyView, Nullable, QuantityInput, QuantityView } from '../schemas';

const Sku = Type.String({ minLength: 1, maxLength: 64 });

export const Payments = Type.Array(Input({ method: Method, amount: MoneyInput(1) }), { maxItems: 20 });

const Customer = Input({
  name: Type.Optional(Nullable(Text(120))),
  email: Type.Optional(Nullable(Type.String({ format: 'email', maxLength: 254 }))),
});

export const NewSale = Input({
  siteId: Id(),
  registerId: Id(),
  lines: Type.Array(
    Input({
      sku: Sku,
      quantity: QuantityInput(),
      unitPrice: Type.Optional(
        Nullable({
          ...MoneyInput(),
          description:
            'What the customer is to pay for one; other than the list price only with the permission sales.price',
        }),
      ),
      listPrice: Type.Optional(
        Nullable({
          ...MoneyInput(),
          description: 'The price that the screen showed; when it is another by now: price_changed',
        }),
      ),
    }),
    { minItems: 1, maxItems: mostLines },
  ),
  payments: Payments,
  customerId: Type.Optional(Nullable(Id())),
  customer: Type.Optional(Nullable(Customer)),
  ticketId: Type.Optional(Nullable(Id('The parked ticket that this is; its holds are used up'))),
  clientAt: Type.Optional(Nullable(Instant)),
});
export type NewSale = Static<typeof NewSale>;

export const AcceptedSale = Type.Object({
  saleId: Id(),
  operationId: Id(),
  number: Type.Integer({ description: 'Of its register, without gaps' }),
  total: MoneyView,
  tax: MoneyView,
  change: MoneyView,
  state: State,
});
export type AcceptedSale = Static<typeof AcceptedSale>;

export const Kind = Type.Enum([...documentKinds]);

export const SaleQuery = {
  siteId: Type.Optional(Id()),
  registerId: Type.Optional(Id()),
  kind: Type.Optional(Kind),
  q: Type.Optional(
    Type.String({ maxLength: 100, description: 'A document’s number, or part of the customer’s name or address' }),
  ),
  from: Type.Optional(Instant),
  to: Type.Optional(Instant),
};

export const SaleSummary = Type.Object({
  id: Id(),
  kind: Kind,
  number: Type.Integer(),
  label: Type.String({ description: '«Caja 1 · N° 123»' }),
  at: Instant,
  site: Named,
  register: Named,
  cashier: Nullable(Named),
  customer: Nullable(Type.Object({ name: Nullable(Type.String()), email: Nullable(Type.String()) })),
  total: MoneyView,
  tax: MoneyView,
  change: MoneyView,
  lineCount: Type.Integer(),
  voided: Type.Boolean(),
  returned: MoneyView,
  originalId: Nullable(Id()),
  reason: Nullable(Type.String()),
  operationId: Id(),
  state: State,
});
export type SaleSummary = Static<typeof SaleSummary>;

export const SaleDetail = Type.Object({
  ...SaleSummary.properties,
  sessionId: Id(),
  clientAt: Nullable(Instant),
  lines: Type.Array(
    Type.Object({
      line: Type.Integer(),
      sku: Type.String(),
      name: Type.String(),
      unit: Type.String(),
      quantity: QuantityView,
      unitPrice: MoneyView,
      listPrice: MoneyView,
      taxRate: Type.Number(),
      tax: MoneyView,
      total: MoneyView,
      returned: QuantityView,
      originalLine: Nullable(Type.Integer()),
    }),
  ),
  payments: Type.Array(Type.Object({ method: Method, amount: MoneyView })),
  followers: Type.Array(Type.Object({ id: Id(), kind: Kind, number: Type.Integer(), total: MoneyView, at: Instant }), {
    description: 'Its void and returns',
  }),
  receipts: Type.Array(ReceiptMail, { description: 'Its receipts by mail' }),
  voidable: Type.Boolean({ description: 'Of today, not voided and nothing returned' }),
});
export type SaleDetail = Static<typeof SaleDetail>;

const reason = { reason: Text(300) };
/** Where the refund is paid; left out = the register of the sale. */
const at = { registerId: Type.Optional(Nullable(Id('Whose drawer pays; left out = the register of the sale'))) };

export const VoidSale = Input({ ...reason, ...at });
export type VoidSale = Static<typeof VoidSale>;

export const ReturnSale = Input({
  ...reason,
  ...at,
  lines: Type.Array(Input({ line: Type.Integer({ minimum: 1 }), quantity: QuantityInput() }), {
    minItems: 1,
    maxItems: mostLines,
  }),
  payments: Payments,
  restock: Type.Optional(Type.Boolean({ default: true, description: 'false = it cannot be sold again' })),
});
export type ReturnSale = Static<typeof ReturnSale>;

export const NewReturn = Input({
  ...reason,
  siteId: Id(),
  registerId: Id(),
  lines: Type.Array(Input({ sku: Sku, quantity: QuantityInput(), unitPrice: Type.Optional(Nullable(MoneyInput())) }), {
    minItems: 1,
    maxItems: mostLines,
  }),
  payments: Payments,
  restock: Type.Optional(Type.Boolean({ default: true })),
});
export type NewReturn = Static<typeof NewReturn>;

export const TodayQuery = Type.Object({
  siteId: Type.Optional(Id()),
  date: Type.Optional(Type.String({ format: 'date', description: 'Left out = today at each site' })),
});

const counted = { count: Type.Integer(), total: MoneyView };

export const Today = Type.Object({
  date: Type.String(),
  byHour: Type.Array(Type.Object({ hour: Type.Integer(), ...counted })),
  bySite: Type.Array(Type.Object({ site: Named, ...counted })),
  byProduct: Type.Array(
    Type.Object({
      sku: Type.String(),
      name: Type.String(),
      unit: Type.String(),
      quantity: QuantityView,
      total: MoneyView,
    }),
  ),
  totals: Type.Object({
    sales: MoneyView,
    count: Type.Integer(),
    averageTicket: MoneyView,
    returns: Type.Object(counted),
  }),
});
export type Today = Static<typeof Today>;
