import { Type, type Static } from 'typebox';
import { productUnits } from '../../domain/product';
import { Id, Instant, Nullable } from '../schemas';

export const mostImportBytes = 20 * 1_048_576;
export const mostImportRows = 20_000;

export const ImportSchema = Type.Object({
  id: Id(),
  fileName: Type.String(),
  state: Type.Enum(['previewed', 'applying', 'applied', 'undoing', 'undone', 'cancelled']),
  needsAttention: Type.Boolean({
    description: 'The operation that applies or undoes it has stopped; a person retries or cancels it',
  }),
  rowCount: Type.Integer(),
  createCount: Type.Integer(),
  updateCount: Type.Integer(),
  sameCount: Type.Integer({ description: 'Lines that change nothing' }),
  badCount: Type.Integer({ description: 'Lines with something wrong; they are left out' }),
  doneCount: Type.Integer({ description: 'Lines that are applied now' }),
  keptCount: Type.Integer({ description: 'Lines that the undo left, because someone had changed them since' }),
  ignoredColumns: Type.Array(Type.String()),
  progress: Nullable(
    Type.Object({
      done: Type.Integer(),
      total: Type.Integer(),
      perSecond: Type.Integer(),
      secondsLeft: Nullable(Type.Integer()),
    }),
  ),
  operationId: Nullable(Id()),
  undoOperationId: Nullable(Id()),
  createdBy: Type.Object({ id: Id(), name: Type.String() }),
  createdAt: Instant,
  endedAt: Nullable(Instant),
});
export type ImportView = Static<typeof ImportSchema>;

export const ImportRowSchema = Type.Object({
  row: Type.Integer({ description: 'Line of the file' }),
  action: Type.Enum(['create', 'update', 'same', 'bad']),
  applied: Type.Boolean(),
  kept: Type.Boolean(),
  variantId: Nullable(Id()),
  data: Type.Object({
    sku: Type.String(),
    name: Type.Optional(Type.String()),
    category: Type.Optional(Type.String()),
    description: Type.Optional(Type.String()),
    size: Type.Optional(Type.String()),
    colour: Type.Optional(Type.String()),
    unit: Type.Optional(Type.Enum([...productUnits])),
    taxRate: Type.Optional(Type.Number()),
    price: Type.Optional(Type.Integer()),
    retailPrice: Type.Optional(Type.Integer()),
    cost: Type.Optional(Type.Integer()),
    minStock: Type.Optional(Type.String()),
    maxStock: Type.Optional(Type.String()),
    barcodes: Type.Optional(Type.Array(Type.String())),
    supplierCodes: Type.Optional(Type.Array(Type.String())),
    supplier: Type.Optional(Type.String()),
  }),
  problems: Type.Array(
    Type.Object({
      field: Type.String(),
      code: Type.String(),
      message: Type.String({ description: 'A sentence for a person, in their language' }),
    }),
  ),
});
export type ImportRowView = Static<typeof ImportRowSchema>;
