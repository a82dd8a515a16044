import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { sendCommand } from '../command-answer';
import { State } from '../operations/schemas';
import { actorOf } from '../plugins/access';
import { problems } from '../plugins/openapi';
import { CommandHeaders, Id, Input, Instant, Nullable } from '../schemas';
import type { UseCases } from '../use-cases';

/** Labels are printed text; no control characters. */
const Code = Type.String({ minLength: 1, maxLength: 64, pattern: '^[^\\u0000-\\u001f\\u007f]+$' });

/** More is refused by its own sentence; far more is no move but a mistake. */
const mostItems = 5_000;

const PalletMoveBody = Input({
  destination: Type.String({
    minLength: 1,
    maxLength: 64,
    pattern: '^[^\\u0000-\\u001f\\u007f]+$',
    description: 'Barcode or id of a chamber',
  }),
  pallets: Type.Array(
    Type.Union([Code, Input({ code: Code, from: Type.Optional(Nullable(Id('The place shown at the scan'))) })]),
    { maxItems: mostItems, description: '1 to 500' },
  ),
  scannedAt: Instant,
  siteId: Type.Optional(Nullable(Id())),
});

const PalletView = Type.Object({
  code: Type.String(),
  weightKg: Nullable(Type.Number()),
  product: Nullable(Type.String()),
  location: Nullable(Type.Object({ id: Id(), name: Type.String(), barcode: Nullable(Type.String()) })),
  problem: Nullable(Type.String({ description: 'What keeps it from being moved; a code of the error catalogue' })),
  pendingOperationId: Nullable(Id('The open move that will put it there')),
  asOf: Instant,
  stale: Type.Boolean({ description: 'Odoo did not answer; this is what it said at asOf' }),
});

export const palletRoutes: FastifyPluginAsyncTypebox<{ useCases: UseCases }> = async (app, { useCases }) => {
  app.get(
    '/pallets/:code',
    {
      config: { permission: 'pallets.read' },
      schema: {
        tags: ['pallets'],
        summary: 'A scanned pallet: weight, place, and what keeps it from being moved',
        params: Type.Object({ code: Code }),
        response: { 200: PalletView, ...problems(422, 503) },
      },
    },
    (request) => useCases.scanPallet(actorOf(request), request.params.code.trim()),
  );

  app.post(
    '/pallet-moves',
    {
      config: { permission: 'pallets.move' },
      schema: {
        tags: ['pallets'],
        summary: 'Move pallets to a chamber (PICK-03)',
        headers: CommandHeaders,
        body: PalletMoveBody,
        response: {
          202: Type.Object({ operationId: Id(), number: Type.Integer(), state: State }),
          ...problems(409, 422),
        },
      },
    },
    async (request, reply) => {
      const key = request.headers['idempotency-key'];
      return sendCommand(reply, await useCases.acceptPalletMove(actorOf(request), request.body, key));
    },
  );
};
