import { Type, type Static } from 'typebox';
import { codeKinds, productUnits } from '../../domain/product';
import { Id, Input, Instant, MoneyView, MoneyInput, Nullable, QuantityView, QuantityInput } from '../schemas';

/** Printed text; no control characters. */
const printed = '^[^\\u0000-\\u001f\\u007f]*[^\\s\\u0000-\\u001f\\u007f][^\\u0000-\\u001f\\u007f]*$';
export const Sku = Type.String({ minLength: 1, maxLength: 64, pattern: printed });
export const Code = Type.String({ minLength: 1, maxLength: 64, pattern: printed });
const Name = Type.String({ minLength: 1, maxLength: 200, pattern: printed });
const Category = Type.String({ minLength: 1, maxLength: 80, pattern: printed });
const Description = Type.String({ maxLength: 4_000 });
const Unit = Type.Enum([...productUnits]);
const TaxRate = Type.Number({ minimum: 0, maximum: 0.9999, multipleOf: 0.0001 });
const Version = Type.Integer({ minimum: 1, maximum: 2_147_483_647 });

export const VariantSchema = Type.Object({
  id: Id(),
  productId: Id(),
  sku: Type.String(),
  name: Type.String(),
  size: Type.String(),
  colour: Type.String(),
  colourHex: Nullable(Type.String()),
  category: Nullable(Type.String()),
  unit: Unit,
  taxRate: Type.Number(),
  price: MoneyView,
  retailPrice: Nullable(MoneyView),
  barcodes: Type.Array(Type.String()),
  imageUrl: Nullable(Type.String()),
  active: Type.Boolean({ description: 'On sale' }),
  version: Type.Integer(),
});

export const ListedSchema = Type.Object({
  ...VariantSchema.properties,
  available: Nullable({ ...QuantityView, description: 'At the site that was asked for; null = it does not carry it' }),
});

export const ScannedSchema = Type.Object({
  ...VariantSchema.properties,
  onHand: Nullable(QuantityView),
  available: Nullable(QuantityView),
  stale: Type.Boolean(),
});

const CodeSchema = Type.Object({
  code: Type.String(),
  kind: Type.Enum([...codeKinds]),
  supplier: Nullable(Type.String()),
});

export const ImageSchema = Type.Object({
  id: Id(),
  url: Type.String(),
  contentType: Type.String(),
  bytes: Type.Integer(),
});
export type ImageView = Static<typeof ImageSchema>;

const VariantDetail = Type.Object({
  ...VariantSchema.properties,
  cost: Nullable(MoneyView),
  minStock: Nullable(QuantityView),
  maxStock: Nullable(QuantityView),
  codes: Type.Array(CodeSchema),
  sites: Type.Array(
    Type.Object({
      siteId: Id(),
      siteName: Type.String(),
      price: Nullable(MoneyView),
      onHand: QuantityView,
      available: QuantityView,
      minStock: Nullable(QuantityView),
      maxStock: Nullable(QuantityView),
    }),
    { description: 'The sites that carry it, with a price of their own, if any' },
  ),
});
export type VariantDetail = Static<typeof VariantDetail>;

export const ProductSchema = Type.Object({
  id: Id(),
  name: Type.String(),
  category: Nullable(Type.String()),
  description: Nullable(Type.String()),
  unit: Unit,
  taxRate: Type.Number(),
  withdrawnAt: Nullable(Instant),
  version: Type.Integer(),
  createdAt: Instant,
  updatedAt: Instant,
  images: Type.Array(ImageSchema),
  variants: Type.Array(VariantDetail),
});
export type ProductDetail = Static<typeof ProductSchema>;

export const NewCode = Input({
  code: Code,
  kind: Type.Optional(Type.Enum([...codeKinds])),
  supplier: Type.Optional(Nullable(Type.String({ minLength: 1, maxLength: 120, pattern: printed }))),
});
export type NewCode = Static<typeof NewCode>;

export const NewVariant = Input({
  sku: Sku,
  size: Type.Optional(
    Type.String({ minLength: 1, maxLength: 40, description: 'Its name; left out: the one of what has none' }),
  ),
  colour: Type.Optional(Type.String({ minLength: 1, maxLength: 40 })),
  price: MoneyInput(),
  retailPrice: Type.Optional(Nullable(MoneyInput())),
  cost: Type.Optional(MoneyInput()),
  minStock: Type.Optional(Nullable(QuantityInput())),
  maxStock: Type.Optional(Nullable(QuantityInput())),
  codes: Type.Optional(Type.Array(NewCode, { maxItems: 50 })),
});
export type NewVariant = Static<typeof NewVariant>;

const SiteIds = Type.Array(Id(), { maxItems: 1_000, uniqueItems: true });

export const NewProduct = Input({
  name: Name,
  category: Type.Optional(Nullable(Category)),
  description: Type.Optional(Nullable(Description)),
  unit: Type.Optional(Unit),
  taxRate: Type.Optional(TaxRate),
  variants: Type.Array(NewVariant, { minItems: 1, maxItems: 500 }),
  sites: Type.Optional(SiteIds),
});
export type NewProduct = Static<typeof NewProduct>;

export const MoreVariants = Input({
  variants: Type.Array(NewVariant, { minItems: 1, maxItems: 500 }),
  sites: Type.Optional(SiteIds),
});
export type MoreVariants = Static<typeof MoreVariants>;

/** `version` is the one that the change was made upon. */
export const ProductChange = Input({
  version: Version,
  name: Type.Optional(Name),
  category: Type.Optional(Nullable(Category)),
  description: Type.Optional(Nullable(Description)),
  unit: Type.Optional(Unit),
  taxRate: Type.Optional(TaxRate),
  withdrawn: Type.Optional(Type.Boolean({ description: 'Not sold any more; false brings it back' })),
});
export type ProductChange = Static<typeof ProductChange>;

export const VariantChange = Input({
  version: Version,
  sku: Type.Optional(Sku),
  price: Type.Optional(MoneyInput()),
  retailPrice: Type.Optional(Nullable(MoneyInput())),
  cost: Type.Optional(MoneyInput()),
  minStock: Type.Optional(Nullable(QuantityInput())),
  maxStock: Type.Optional(Nullable(QuantityInput())),
  active: Type.Optional(Type.Boolean()),
});
export type VariantChange = Static<typeof VariantChange>;

export const ProductQuery = {
  q: Type.Optional(Type.String({ maxLength: 100 })),
  siteId: Type.Optional(Id('What the site carries, at its prices')),
  category: Type.Optional(Type.String({ maxLength: 80 })),
  state: Type.Optional(Type.Enum(['on_sale', 'withdrawn', 'all'], { default: 'on_sale' })),
};
