import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { sendCommand } from '../command-answer';
import { actorOf } from '../plugins/access';
import { problems } from '../plugins/openapi';
import { CommandHeaders, IdParams, Page, PageQuery } from '../schemas';
import type { UseCases } from '../use-cases';
import {
  AcceptedSale,
  NewReturn,
  NewSale,
  ReturnSale,
  SaleDetail,
  SaleQuery,
  SaleSummary,
  Today,
  TodayQuery,
  VoidSale,
} from './schemas';

/** SALE-01…08: what goes over the counter, and back. */
export const saleRoutes: FastifyPluginAsyncTypebox<{ useCases: UseCases }> = async (app, { useCases }) => {
  app.post(
    '/sales',
    {
      config: { permission: 'sales.make', limitsItself: true },
      schema: {
        tags: ['sales'],
        summary: 'Sell a cart (SALE-01); committed when it is answered',
        headers: CommandHeaders,
        body: NewSale,
        response: { 201: AcceptedSale, ...problems(409, 422) },
      },
    },
    async (request, reply) => {
      const key = request.headers['idempotency-key'];
      return sendCommand(reply, await useCases.makeSale(actorOf(request), request.body, key));
    },
  );

  app.get(
    '/sales',
    {
      config: { permission: 'sales.read' },
      schema: {
        tags: ['sales'],
        summary: 'Sales, voids and returns, newest first',
        querystring: Type.Object({ ...SaleQuery, ...PageQuery }),
        response: { 200: Page(SaleSummary), ...problems(404) },
      },
    },
    (request) => useCases.listSales(actorOf(request), request.query),
  );

  app.get(
    '/sales/:id',
    {
      config: { permission: 'sales.read' },
      schema: {
        tags: ['sales'],
        summary: 'A sale with its lines, payments, void and returns',
        params: IdParams,
        response: { 200: SaleDetail },
      },
    },
    (request) => useCases.getSale(actorOf(request), request.params.id),
  );

  app.post(
    '/sales/:id/void',
    {
      config: { permission: 'sales.void' },
      schema: {
        tags: ['sales'],
        summary: 'Void a sale on its own day: stock and money go back',
        headers: CommandHeaders,
        params: IdParams,
        body: VoidSale,
        response: { 201: AcceptedSale, ...problems(409, 422) },
      },
    },
    async (request, reply) => {
      const key = request.headers['idempotency-key'];
      return sendCommand(reply, await useCases.voidSale(actorOf(request), request.params.id, request.body, key));
    },
  );

  app.post(
    '/sales/:id/return',
    {
      config: { permission: 'sales.return' },
      schema: {
        tags: ['sales'],
        summary: 'Return some of a sale, with its receipt',
        headers: CommandHeaders,
        params: IdParams,
        body: ReturnSale,
        response: { 201: AcceptedSale, ...problems(409, 422) },
      },
    },
    async (request, reply) => {
      const key = request.headers['idempotency-key'];
      return sendCommand(reply, await useCases.returnSale(actorOf(request), request.params.id, request.body, key));
    },
  );

  app.post(
    '/returns',
    {
      config: { permission: 'sales.return_without_receipt' },
      schema: {
        tags: ['sales'],
        summary: 'Return goods without a receipt',
        headers: CommandHeaders,
        body: NewReturn,
        response: { 201: AcceptedSale, ...problems(409, 422) },
      },
    },
    async (request, reply) => {
      const key = request.headers['idempotency-key'];
      return sendCommand(reply, await useCases.returnWithoutReceipt(actorOf(request), request.body, key));
    },
  );

  app.get(
    '/today',
    {
      config: { permission: 'reports.read' },
      schema: {
        tags: ['sales'],
        summary: 'A day of sales: by hour, by site, by product',
        querystring: TodayQuery,
        response: { 200: Today, ...problems(404) },
      },
    },
    (request) => useCases.sumToday(actorOf(request), request.query),
  );
};
