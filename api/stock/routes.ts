import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { sendCommand } from '../command-answer';
import { actorOf } from '../plugins/access';
import { problems } from '../plugins/openapi';
import { CommandHeaders, Id, IdParams, Page } from '../schemas';
import type { UseCases } from '../use-cases';
import {
  Adjusted,
  AdjustmentBody,
  BySite,
  BySiteQuery,
  ConsolidatedPage,
  ConsolidatedQuery,
  CountBody,
  CountDetail,
  CountedBody,
  CountItem,
  CountLines,
  Differences,
  Entered,
  EntryBody,
  EntryDetail,
  EntryItem,
  FindingItem,
  LevelItem,
  LowQuery,
  MovementItem,
  ShortageItem,
  SiteQuery,
  SkuParams,
  StockQuery,
} from './schemas';

const reading = { config: { permission: 'stock.read' } } as const;
const writing = { config: { permission: 'stock.write' } } as const;
const tags = ['stock'];

/** INV-01…09: levels, the ledger, and what people do to them by hand. */
export const stockRoutes: FastifyPluginAsyncTypebox<{ useCases: UseCases }> = async (app, { useCases }) => {
  app.get(
    '/stock',
    {
      ...reading,
      schema: { tags, summary: 'Stock by site', querystring: StockQuery, response: { 200: Page(LevelItem) } },
    },
    (request) => useCases.listStock(actorOf(request), request.query),
  );

  app.get(
    '/stock/low',
    {
      ...reading,
      schema: {
        tags,
        summary: 'What is at its minimum or below it',
        querystring: LowQuery,
        response: { 200: Page(LevelItem) },
      },
    },
    (request) => useCases.listStock(actorOf(request), { ...request.query, low: true }),
  );

  app.get(
    '/stock/consolidated',
    {
      ...reading,
      schema: {
        tags,
        summary: 'Stock of all my sites together, at most five minutes old (INV-05)',
        querystring: ConsolidatedQuery,
        response: { 200: ConsolidatedPage },
      },
    },
    (request) => useCases.listConsolidated(actorOf(request), request.query),
  );

  app.get(
    '/stock/by-site',
    {
      ...reading,
      schema: {
        tags,
        summary: 'One article at each of my sites (INV-07)',
        querystring: BySiteQuery,
        response: { 200: BySite, ...problems(404) },
      },
    },
    (request) => useCases.stockBySite(actorOf(request), request.query),
  );

  app.get(
    '/stock/shortages',
    {
      ...reading,
      schema: {
        tags,
        summary: 'More promised or sold than there is',
        querystring: SiteQuery,
        response: { 200: Page(ShortageItem) },
      },
    },
    (request) => useCases.listShortages(actorOf(request), request.query),
  );

  app.get(
    '/stock/findings',
    {
      ...reading,
      schema: {
        tags,
        summary: 'What the reconciliation found and repaired (INV-04)',
        querystring: SiteQuery,
        response: { 200: Page(FindingItem) },
      },
    },
    (request) => useCases.listFindings(actorOf(request), request.query),
  );

  app.get(
    '/stock/:sku/movements',
    {
      ...reading,
      schema: {
        tags,
        summary: 'The history of an article with its running balance (INV-01)',
        params: SkuParams,
        querystring: SiteQuery,
        response: { 200: Page(MovementItem), ...problems(404) },
      },
    },
    (request) => useCases.listMovements(actorOf(request), request.params.sku, request.query),
  );

  app.post(
    '/stock/adjustments',
    {
      ...writing,
      schema: {
        tags,
        summary: 'Correct a level by a signed difference, with its reason',
        headers: CommandHeaders,
        body: AdjustmentBody,
        response: { 201: Adjusted, ...problems(409, 422) },
      },
    },
    async (request, reply) => {
      const key = request.headers['idempotency-key'];
      return sendCommand(reply, await useCases.adjustStock(actorOf(request), request.body, key));
    },
  );

  app.get(
    '/stock/entries',
    {
      ...reading,
      schema: {
        tags,
        summary: 'Entries, the newest first',
        querystring: SiteQuery,
        response: { 200: Page(EntryItem) },
      },
    },
    (request) => useCases.listEntries(actorOf(request), request.query),
  );

  app.get(
    '/stock/entries/:id',
    {
      ...reading,
      schema: {
        tags,
        summary: 'One entry with its lines',
        params: IdParams,
        response: { 200: EntryDetail, ...problems(404) },
      },
    },
    (request) => useCases.getEntry(actorOf(request), request.params.id),
  );

  app.post(
    '/stock/entries',
    {
      ...writing,
      schema: {
        tags,
        summary: 'Goods that came, with their cost',
        headers: CommandHeaders,
        body: EntryBody,
        response: { 201: Entered, ...problems(409, 422) },
      },
    },
    async (request, reply) => {
      const key = request.headers['idempotency-key'];
      return sendCommand(reply, await useCases.enterStock(actorOf(request), request.body, key));
    },
  );

  app.get(
    '/stock/counts',
    {
      ...reading,
      schema: { tags, summary: 'Counts, the newest first', querystring: SiteQuery, response: { 200: Page(CountItem) } },
    },
    (request) => useCases.listCounts(actorOf(request), request.query),
  );

  app.get(
    '/stock/counts/:id',
    {
      ...reading,
      schema: {
        tags,
        summary: 'One count with its differences',
        params: IdParams,
        response: { 200: CountDetail, ...problems(404) },
      },
    },
    (request) => useCases.getCount(actorOf(request), request.params.id),
  );

  app.post(
    '/stock/counts',
    {
      ...writing,
      schema: {
        tags,
        summary: 'Begin a count; a site has one at a time',
        headers: CommandHeaders,
        body: CountBody,
        response: { 201: Entered, ...problems(409, 422) },
      },
    },
    async (request, reply) => {
      const key = request.headers['idempotency-key'];
      return sendCommand(reply, await useCases.startCount(actorOf(request), request.body, key));
    },
  );

  app.post(
    '/stock/counts/:id/lines',
    {
      ...writing,
      schema: {
        tags,
        summary: 'What was counted; counted again, the later number counts',
        headers: CommandHeaders,
        params: IdParams,
        body: CountedBody,
        response: { 200: CountLines, ...problems(404, 409, 422) },
      },
    },
    async (request, reply) => {
      const key = request.headers['idempotency-key'];
      return sendCommand(reply, await useCases.addCounted(actorOf(request), request.params.id, request.body, key));
    },
  );

  app.post(
    '/stock/counts/:id/close',
    {
      ...writing,
      schema: {
        tags,
        summary: 'Post the differences',
        headers: CommandHeaders,
        params: IdParams,
        response: { 200: Differences, ...problems(404, 409, 422) },
      },
    },
    async (request, reply) => {
      const key = request.headers['idempotency-key'];
      return sendCommand(reply, await useCases.closeCount(actorOf(request), request.params.id, key));
    },
  );

  app.post(
    '/stock/counts/:id/cancel',
    {
      ...writing,
      schema: {
        tags,
        summary: 'Drop a count; nothing is posted',
        headers: CommandHeaders,
        params: IdParams,
        response: { 200: Type.Object({ id: Id(), state: Type.Literal('cancelled') }), ...problems(404, 409, 422) },
      },
    },
    async (request, reply) => {
      const key = request.headers['idempotency-key'];
      return sendCommand(reply, await useCases.cancelCount(actorOf(request), request.params.id, key));
    },
  );
};
