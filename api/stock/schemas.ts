import { Type, type Static } from 'typebox';
import { movementKinds } from '../../domain/stock';
import {
  Id,
  Input,
  Instant,
  MoneyInput,
  MoneyView,
  Nullable,
  PageQuery,
  QuantityInput,
  QuantityView,
} from '../schemas';

const printable = '^[^\\u0000-\\u001f\\u007f]+$';
const written = '^[^\\u0000]*\\S[^\\u0000]*$';
/** A sku, or a code of the article as it is scanned. */
const Sku = Type.String({ minLength: 1, maxLength: 64, pattern: printable });
const Text = (maxLength: number) => Type.String({ maxLength, pattern: written });
const Named = Type.Object({ id: Id(), name: Type.String() });
const Count = Type.Integer({ minimum: 0 });
/** Of what one request brings; more goes in several. */
const mostLines = 500;

export const SkuParams = Type.Object({ sku: Sku });

export const StockQuery = Type.Object({
  ...PageQuery,
  siteId: Type.Optional(Id()),
  sku: Type.Optional(Sku),
  q: Type.Optional(Type.String({ maxLength: 100, pattern: '^[^\\u0000]*$' })),
  low: Type.Optional(Type.Boolean({ description: 'Only what is at its minimum or below it' })),
});
export const LowQuery = Type.Object({ ...PageQuery, siteId: Type.Optional(Id()) });
export const SiteQuery = LowQuery;
export const ConsolidatedQuery = Type.Object({
  ...PageQuery,
  q: Type.Optional(Type.String({ maxLength: 100, pattern: '^[^\\u0000]*$' })),
});
export const BySiteQuery = Type.Object({ sku: Sku });

const article = { sku: Type.String(), name: Type.String(), unit: Type.String() };
const named = { ...article, size: Type.String(), colour: Type.String() };
const figures = { onHand: QuantityView, held: QuantityView, available: QuantityView, inTransit: QuantityView };

export const LevelItem = Type.Object({
  siteId: Id(),
  site: Type.String(),
  variantId: Id(),
  ...named,
  ...figures,
  minStock: Nullable(QuantityView),
  maxStock: Nullable(QuantityView),
  location: Named,
  version: Type.Integer(),
});
export type LevelItem = Static<typeof LevelItem>;

export const ConsolidatedItem = Type.Object({
  variantId: Id(),
  ...named,
  ...figures,
  sites: Type.Integer({ description: 'That carry it, of those that I may see' }),
});
export type ConsolidatedItem = Static<typeof ConsolidatedItem>;

export const ConsolidatedPage = Type.Object({
  items: Type.Array(ConsolidatedItem),
  nextCursor: Nullable(Type.String()),
  asOf: Instant,
});

export const SiteLevelItem = Type.Object({ siteId: Id(), site: Type.String(), ...figures });
export const BySite = Type.Object({
  ...named,
  items: Type.Array(SiteLevelItem),
  nextCursor: Type.Null(),
  asOf: Instant,
});
export type BySite = Static<typeof BySite>;

export const MovementItem = Type.Object({
  id: Id(),
  at: Instant,
  siteId: Id(),
  site: Type.String(),
  kind: Type.Enum([...movementKinds]),
  quantity: QuantityView,
  balance: Type.String({ ...QuantityView, description: 'Of the site after it' }),
  version: Type.Integer(),
  reason: Nullable(Type.String()),
  unitCost: Nullable(MoneyView),
  unitPrice: Nullable(MoneyView),
  document: Nullable(
    Type.Object({
      type: Type.Enum(['entry', 'count', 'sale', 'void', 'return']),
      id: Id(),
      number: Type.Integer(),
    }),
  ),
  user: Nullable(Named),
  operationId: Nullable(Id()),
  clientAt: Nullable(Instant),
});
export type MovementItem = Static<typeof MovementItem>;

export const ShortageItem = Type.Object({
  id: Id(),
  siteId: Id(),
  site: Type.String(),
  variantId: Id(),
  ...article,
  onHand: QuantityView,
  held: QuantityView,
  available: QuantityView,
  openedAt: Instant,
});
export type ShortageItem = Static<typeof ShortageItem>;

export const FindingItem = Type.Object({
  id: Id(),
  siteId: Id(),
  site: Type.String(),
  sku: Type.String(),
  name: Type.String(),
  kind: Type.Enum(['level', 'held', 'cache']),
  expected: QuantityView,
  found: QuantityView,
  at: Instant,
  repairedAt: Nullable(Instant),
});
export type FindingItem = Static<typeof FindingItem>;

export const AdjustmentBody = Input({
  siteId: Id(),
  sku: Sku,
  quantity: QuantityInput({ signed: true }),
  reason: Text(300),
});
export type AdjustmentBody = Static<typeof AdjustmentBody>;

export const Adjusted = Type.Object({
  adjustmentId: Id(),
  siteId: Id(),
  variantId: Id(),
  sku: Type.String(),
  quantity: QuantityView,
  onHand: QuantityView,
  available: QuantityView,
  version: Type.Integer(),
});
export type Adjusted = Static<typeof Adjusted>;

export const EntryBody = Input({
  siteId: Id(),
  supplier: Type.Optional(Nullable(Text(120))),
  reference: Type.Optional(Nullable(Text(120))),
  note: Type.Optional(Nullable(Text(500))),
  lines: Type.Array(Input({ sku: Sku, quantity: QuantityInput(), unitCost: MoneyInput() }), {
    minItems: 1,
    maxItems: mostLines,
  }),
});
export type EntryBody = Static<typeof EntryBody>;

export const Entered = Type.Object({ id: Id(), number: Type.Integer() });
export type Entered = Static<typeof Entered>;

export const EntryItem = Type.Object({
  id: Id(),
  number: Type.Integer(),
  site: Named,
  supplier: Nullable(Type.String()),
  reference: Nullable(Type.String()),
  note: Nullable(Type.String()),
  createdBy: Named,
  createdAt: Instant,
  lineCount: Count,
  totalCost: Nullable(MoneyView),
});
export type EntryItem = Static<typeof EntryItem>;

export const EntryDetail = Type.Object({
  ...EntryItem.properties,
  lines: Type.Array(
    Type.Object({ ...named, quantity: QuantityView, unitCost: Nullable(MoneyView), total: Nullable(MoneyView) }),
  ),
});
export type EntryDetail = Static<typeof EntryDetail>;

export const CountBody = Input({ siteId: Id(), note: Type.Optional(Nullable(Text(500))) });
export type CountBody = Static<typeof CountBody>;

export const CountedBody = Input({
  lines: Type.Array(Input({ sku: Sku, counted: QuantityInput() }), { minItems: 1, maxItems: mostLines }),
});
export type CountedBody = Static<typeof CountedBody>;

export const CountItem = Type.Object({
  id: Id(),
  number: Type.Integer(),
  site: Named,
  state: Type.Enum(['open', 'closed', 'cancelled']),
  note: Nullable(Type.String()),
  createdBy: Named,
  createdAt: Instant,
  closedBy: Nullable(Named),
  closedAt: Nullable(Instant),
  lineCount: Count,
  differenceCount: Count,
});
export type CountItem = Static<typeof CountItem>;

const CountLine = Type.Object({
  variantId: Id(),
  ...named,
  expected: Type.String({ ...QuantityView, description: 'What the site had when it was counted' }),
  counted: QuantityView,
  onHand: Type.String({ ...QuantityView, description: 'What the site has now: people go on selling' }),
  difference: QuantityView,
  countedBy: Named,
  countedAt: Instant,
});
export type CountLineItem = Static<typeof CountLine>;

export const CountDetail = Type.Object({
  ...CountItem.properties,
  lines: Type.Array(CountLine),
  uncounted: Type.Integer({ description: 'Articles that the site is said to have and nobody has counted' }),
});
export type CountDetail = Static<typeof CountDetail>;

export const CountLines = Type.Object({ lines: Type.Array(CountLine) });
export type CountLines = Static<typeof CountLines>;
export const Differences = Type.Object({ differences: Type.Array(CountLine) });
export type Differences = Static<typeof Differences>;
