import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { sendCommand } from '../command-answer';
import { State } from '../operations/schemas';
import { actorOf } from '../plugins/access';
import { problems } from '../plugins/openapi';
import { ProductQuery, Sku } from '../products/schemas';
import { CommandHeaders, Id, Input, MoneyView, MoneyInput, Nullable, Page, PageQuery } from '../schemas';
import type { UseCases } from '../use-cases';

const { q, siteId, category } = ProductQuery;

const PriceSchema = Type.Object({
  variantId: Id(),
  sku: Type.String(),
  name: Type.String(),
  size: Type.String(),
  colour: Type.String(),
  category: Nullable(Type.String()),
  price: MoneyView,
  businessPrice: MoneyView,
  sitePrice: Nullable(MoneyView),
});

const PricesBody = Input({
  siteId: Nullable(Id('null = the business, which sites without a price of their own follow')),
  items: Type.Array(Input({ sku: Sku, price: Nullable(MoneyInput()) }), {
    minItems: 1,
    maxItems: 1_000,
    description: 'A price of null takes the one of the site away',
  }),
});

export const priceRoutes: FastifyPluginAsyncTypebox<{ useCases: UseCases }> = async (app, { useCases }) => {
  app.get(
    '/prices',
    {
      config: { permission: 'products.read' },
      schema: {
        tags: ['prices'],
        summary: 'Prices of the business, or of what a site carries',
        querystring: Type.Object({ q, siteId, category, ...PageQuery }),
        response: { 200: Page(PriceSchema), ...problems(404) },
      },
    },
    (request) => useCases.listPrices(actorOf(request), request.query),
  );

  app.post(
    '/prices',
    {
      config: { permission: 'prices.write' },
      schema: {
        tags: ['prices'],
        summary: 'Set prices of a site or of the business, all or none',
        headers: CommandHeaders,
        body: PricesBody,
        response: { 200: Type.Object({ changed: Type.Integer() }), ...problems(409, 422) },
      },
    },
    async (request, reply) => {
      const key = request.headers['idempotency-key'];
      return sendCommand(reply, await useCases.setPrices(actorOf(request), request.body, key));
    },
  );

  app.post(
    '/prices/sync',
    {
      config: { permission: 'prices.write' },
      schema: {
        tags: ['prices'],
        summary: 'Bring the prices of one site to others (INV-14)',
        headers: CommandHeaders,
        body: Input({
          fromSiteId: Nullable(Id('null = the business: the sites follow it again')),
          toSiteIds: Type.Array(Id(), { minItems: 1, maxItems: 1_000 }),
          category: Type.Optional(Nullable(Type.String({ minLength: 1, maxLength: 80 }))),
        }),
        response: {
          202: Type.Object({ operationId: Id(), number: Type.Integer(), state: State }),
          ...problems(409, 422),
        },
      },
    },
    async (request, reply) => {
      const key = request.headers['idempotency-key'];
      return sendCommand(reply, await useCases.acceptPriceSync(actorOf(request), request.body, key));
    },
  );
};
