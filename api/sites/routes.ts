import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { sendCommand } from '../command-answer';
import { actorOf } from '../plugins/access';
import { problems } from '../plugins/openapi';
import { CommandHeaders, Id, IdParams, Page } from '../schemas';
import type { UseCases } from '../use-cases';
import {
  ColourSchema,
  LocationSchema,
  NewColour,
  NewLocation,
  NewSite,
  NewSize,
  Site,
  SiteChange,
  SiteSetup,
  SizeSchema,
} from './schemas';

const OfSite = Type.Object({ siteId: Type.Optional(Id()) });

/** TEN-01…03: stores and warehouses, and what each was born with. */
export const siteRoutes: FastifyPluginAsyncTypebox<{ useCases: UseCases }> = async (app, { useCases }) => {
  app.get(
    '/sites',
    {
      config: { permission: 'sites.read' },
      schema: { tags: ['sites'], summary: 'The sites that I may see', response: { 200: Page(Site) } },
    },
    (request) => useCases.listSites(actorOf(request)),
  );

  app.get(
    '/sites/:id',
    {
      config: { permission: 'sites.read' },
      schema: {
        tags: ['sites'],
        summary: 'A site with its setup: locations, sizes, colours',
        params: IdParams,
        response: { 200: SiteSetup },
      },
    },
    (request) => useCases.getSite(actorOf(request), request.params.id),
  );

  app.post(
    '/sites',
    {
      config: { permission: 'sites.write' },
      schema: {
        tags: ['sites'],
        summary: 'Create a site with its default location, sizes and colours (TEN-01)',
        headers: CommandHeaders,
        body: NewSite,
        response: { 201: SiteSetup, ...problems(409, 422) },
      },
    },
    async (request, reply) => {
      const key = request.headers['idempotency-key'];
      return sendCommand(reply, await useCases.createSite(actorOf(request), request.body, key));
    },
  );

  app.patch(
    '/sites/:id',
    {
      config: { permission: 'sites.write' },
      schema: {
        tags: ['sites'],
        summary: 'Change a site: name, address, whether its stock may go below zero',
        headers: CommandHeaders,
        params: IdParams,
        body: SiteChange,
        response: { 200: SiteSetup, ...problems(409, 422) },
      },
    },
    async (request, reply) => {
      const key = request.headers['idempotency-key'];
      return sendCommand(reply, await useCases.updateSite(actorOf(request), request.params.id, request.body, key));
    },
  );

  app.get(
    '/sites/:id/locations',
    {
      config: { permission: 'sites.read' },
      schema: {
        tags: ['sites'],
        summary: 'Where a site keeps its goods',
        params: IdParams,
        response: { 200: Page(LocationSchema) },
      },
    },
    (request) => useCases.listSiteLocations(actorOf(request), request.params.id),
  );

  app.post(
    '/sites/:id/locations',
    {
      config: { permission: 'sites.write' },
      schema: {
        tags: ['sites'],
        summary: 'One more location of a site',
        headers: CommandHeaders,
        params: IdParams,
        body: NewLocation,
        response: { 201: LocationSchema, ...problems(409, 422) },
      },
    },
    async (request, reply) => {
      const key = request.headers['idempotency-key'];
      const { id } = request.params;
      return sendCommand(reply, await useCases.createSiteLocation(actorOf(request), id, request.body, key));
    },
  );

  app.get(
    '/sizes',
    {
      config: { permission: 'sites.read' },
      schema: {
        tags: ['sites'],
        summary: 'Sizes of the business, or of a site (TEN-03)',
        querystring: OfSite,
        response: { 200: Page(SizeSchema), ...problems(404) },
      },
    },
    (request) => useCases.listSizes(actorOf(request), request.query),
  );

  app.get(
    '/colors',
    {
      config: { permission: 'sites.read' },
      schema: {
        tags: ['sites'],
        summary: 'Colours of the business, or of a site (TEN-03)',
        querystring: OfSite,
        response: { 200: Page(ColourSchema), ...problems(404) },
      },
    },
    (request) => useCases.listColours(actorOf(request), request.query),
  );

  app.post(
    '/sizes',
    {
      config: { permission: 'products.write' },
      schema: {
        tags: ['sites'],
        summary: 'One more size; every site carries it',
        headers: CommandHeaders,
        body: NewSize,
        response: { 201: SizeSchema, ...problems(409, 422) },
      },
    },
    async (request, reply) => {
      const key = request.headers['idempotency-key'];
      return sendCommand(reply, await useCases.createSize(actorOf(request), request.body, key));
    },
  );

  app.post(
    '/colors',
    {
      config: { permission: 'products.write' },
      schema: {
        tags: ['sites'],
        summary: 'One more colour; every site carries it',
        headers: CommandHeaders,
        body: NewColour,
        response: { 201: ColourSchema, ...problems(409, 422) },
      },
    },
    async (request, reply) => {
      const key = request.headers['idempotency-key'];
      return sendCommand(reply, await useCases.createColour(actorOf(request), request.body, key));
    },
  );
};
