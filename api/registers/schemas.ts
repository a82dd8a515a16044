import { type Static, Type } from 'typebox';
import { paymentMethods } from '../../domain/till';
import { Id, Input, Instant, MoneyInput, MoneyView, Nullable } from '../schemas';

export const Named = Type.Object({ id: Id(), name: Type.String() });

/** Printed text; what a person typed. */
export const Text = (maxLength: number) => Type.String({ minLength: 1, maxLength, pattern: '\\S' });

export const Method = Type.Enum([...paymentMethods]);

export const RegisterSchema = Type.Object({
  id: Id(),
  name: Type.String(),
  siteId: Id(),
  session: Nullable(Type.Object({ id: Id(), openedAt: Instant, openedBy: Named, float: MoneyView })),
});
export type RegisterView = Static<typeof RegisterSchema>;

export const NewRegister = Input({ siteId: Id(), name: Text(60) });
export type NewRegister = Static<typeof NewRegister>;

export const OpenRegister = Input({ float: MoneyInput() });
export type OpenRegister = Static<typeof OpenRegister>;

export const CashMovement = Input({
  amount: MoneyInput(-1_000_000_000_000),
  reason: Text(200),
});
export type CashMovement = Static<typeof CashMovement>;

export const CloseRegister = Input({ counted: MoneyInput(), note: Type.Optional(Nullable(Text(500))) });
export type CloseRegister = Static<typeof CloseRegister>;

export const SessionSchema = Type.Object({
  id: Id(),
  register: Named,
  site: Named,
  openedAt: Instant,
  openedBy: Named,
  closedAt: Nullable(Instant),
  closedBy: Nullable(Named),
  zNumber: Nullable(Type.Integer()),
  note: Nullable(Type.String()),
});

const CountAndTotal = Type.Object({ count: Type.Integer(), total: MoneyView });

export const Report = Type.Object({
  session: SessionSchema,
  sales: CountAndTotal,
  voids: CountAndTotal,
  returns: CountAndTotal,
  payments: Type.Array(Type.Object({ method: Method, total: MoneyView })),
  tax: Type.Array(Type.Object({ rate: Type.Number(), base: MoneyView, tax: MoneyView })),
  cash: Type.Object({
    float: MoneyView,
    sales: MoneyView,
    refunds: MoneyView,
    in: MoneyView,
    out: MoneyView,
    expected: MoneyView,
  }),
  movements: Type.Array(Type.Object({ id: Id(), at: Instant, amount: MoneyView, reason: Type.String(), by: Named })),
});

export const ClosedSession = Type.Object({
  sessionId: Id(),
  zNumber: Type.Integer(),
  expected: MoneyView,
  counted: MoneyView,
  difference: MoneyView,
  report: Report,
});
export type ClosedSession = Static<typeof ClosedSession>;

/** A session in the history of its register: of an open one nothing was counted yet. */
export const SessionSummary = Type.Object({
  ...SessionSchema.properties,
  float: MoneyView,
  expected: Nullable(MoneyView),
  counted: Nullable(MoneyView),
  difference: Nullable(MoneyView),
});
export type SessionSummary = Static<typeof SessionSummary>;

export const SessionDetail = Type.Object({ ...SessionSummary.properties, report: Report });
export type SessionDetail = Static<typeof SessionDetail>;
