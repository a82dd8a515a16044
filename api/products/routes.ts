import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { sendCommand } from '../command-answer';
import { actorOf } from '../plugins/access';
import { problems } from '../plugins/openapi';
import { CommandHeaders, Id, IdParams, Input, Page, PageQuery } from '../schemas';
import type { UseCases } from '../use-cases';
import {
  Code,
  ListedSchema,
  MoreVariants,
  NewCode,
  NewProduct,
  ProductChange,
  ProductQuery,
  ProductSchema,
  ScannedSchema,
  VariantChange,
} from './schemas';

/** CAT-01…03: products with their variants and codes. */
export const productRoutes: FastifyPluginAsyncTypebox<{ useCases: UseCases }> = async (app, { useCases }) => {
  app.get(
    '/products',
    {
      config: { permission: 'products.read' },
      schema: {
        tags: ['products'],
        summary: 'Sellable variants by name; `q`: words or their beginnings, a SKU, a code',
        querystring: Type.Object({ ...ProductQuery, ...PageQuery }),
        response: { 200: Page(ListedSchema), ...problems(404) },
      },
    },
    (request) => useCases.listProducts(actorOf(request), request.query),
  );

  app.get(
    '/product-categories',
    {
      config: { permission: 'products.read' },
      schema: {
        tags: ['products'],
        summary: 'The categories in use',
        response: { 200: Page(Type.Object({ name: Type.String() })) },
      },
    },
    (request) => useCases.listCategories(actorOf(request)),
  );

  app.get(
    '/products/scan/:code',
    {
      config: { permission: 'products.read' },
      schema: {
        tags: ['products'],
        summary: 'A scanned barcode, supplier code or SKU (CAT-03)',
        params: Type.Object({ code: Code }),
        querystring: Type.Object({ siteId: Type.Optional(Id()) }),
        response: { 200: ScannedSchema },
      },
    },
    (request) => useCases.scanProduct(actorOf(request), request.params.code.trim(), request.query),
  );

  app.get(
    '/products/:id',
    {
      config: { permission: 'products.read' },
      schema: {
        tags: ['products'],
        summary: 'A product with variants, codes, prices, pictures and stock by site',
        params: IdParams,
        response: { 200: ProductSchema },
      },
    },
    (request) => useCases.getProduct(actorOf(request), request.params.id),
  );

  app.post(
    '/products',
    {
      config: { permission: 'products.write' },
      schema: {
        tags: ['products'],
        summary: 'Create a product with its variants; every site carries it unless `sites` names some',
        headers: CommandHeaders,
        body: NewProduct,
        response: { 201: ProductSchema, ...problems(409, 422) },
      },
    },
    async (request, reply) => {
      const key = request.headers['idempotency-key'];
      return sendCommand(reply, await useCases.createProduct(actorOf(request), request.body, key));
    },
  );

  app.patch(
    '/products/:id',
    {
      config: { permission: 'products.write' },
      schema: {
        tags: ['products'],
        summary: 'Change a product, or withdraw it',
        headers: CommandHeaders,
        params: IdParams,
        body: ProductChange,
        response: { 200: ProductSchema, ...problems(409, 422) },
      },
    },
    async (request, reply) => {
      const key = request.headers['idempotency-key'];
      return sendCommand(reply, await useCases.updateProduct(actorOf(request), request.params.id, request.body, key));
    },
  );

  app.post(
    '/products/:id/variants',
    {
      config: { permission: 'products.write' },
      schema: {
        tags: ['products'],
        summary: 'More sizes or colours of a product',
        headers: CommandHeaders,
        params: IdParams,
        body: MoreVariants,
        response: { 201: ProductSchema, ...problems(409, 422) },
      },
    },
    async (request, reply) => {
      const key = request.headers['idempotency-key'];
      const { id } = request.params;
      return sendCommand(reply, await useCases.addProductVariants(actorOf(request), id, request.body, key));
    },
  );

  app.patch(
    '/variants/:id',
    {
      config: { permission: 'products.write' },
      schema: {
        tags: ['products'],
        summary: 'Change a variant: SKU, prices, cost, limits, whether it is sold',
        headers: CommandHeaders,
        params: IdParams,
        body: VariantChange,
        response: { 200: ProductSchema, ...problems(409, 422) },
      },
    },
    async (request, reply) => {
      const key = request.headers['idempotency-key'];
      return sendCommand(reply, await useCases.updateVariant(actorOf(request), request.params.id, request.body, key));
    },
  );

  app.post(
    '/variants/:id/codes',
    {
      config: { permission: 'products.write' },
      schema: {
        tags: ['products'],
        summary: 'One more barcode or supplier code',
        headers: CommandHeaders,
        params: IdParams,
        body: NewCode,
        response: { 201: ProductSchema, ...problems(409, 422) },
      },
    },
    async (request, reply) => {
      const key = request.headers['idempotency-key'];
      return sendCommand(reply, await useCases.addCode(actorOf(request), request.params.id, request.body, key));
    },
  );

  app.post(
    '/variants/:id/codes/remove',
    {
      config: { permission: 'products.write' },
      schema: {
        tags: ['products'],
        summary: 'Take a code away',
        headers: CommandHeaders,
        params: IdParams,
        body: Input({ code: Code }),
        response: { 200: ProductSchema, ...problems(409, 422) },
      },
    },
    async (request, reply) => {
      const key = request.headers['idempotency-key'];
      return sendCommand(reply, await useCases.removeCode(actorOf(request), request.params.id, request.body, key));
    },
  );
};
