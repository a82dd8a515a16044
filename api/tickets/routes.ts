import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { sendCommand } from '../command-answer';
import { actorOf } from '../plugins/access';
import { problems } from '../plugins/openapi';
import { CommandHeaders, Id, IdParams, Page } from '../schemas';
import type { UseCases } from '../use-cases';
import { NewTicket, ParkedTicket, ResumedTicket, TicketSchema } from './schemas';

/** Carts that wait for their customer, with what is in them held. */
export const ticketRoutes: FastifyPluginAsyncTypebox<{ useCases: UseCases }> = async (app, { useCases }) => {
  app.get(
    '/tickets',
    {
      config: { permission: 'sales.make' },
      schema: {
        tags: ['sales'],
        summary: 'Parked tickets, oldest first',
        querystring: Type.Object({ siteId: Type.Optional(Id()), registerId: Type.Optional(Id()) }),
        response: { 200: Page(TicketSchema), ...problems(404) },
      },
    },
    (request) => useCases.listTickets(actorOf(request), request.query),
  );

  app.post(
    '/tickets',
    {
      config: { permission: 'sales.make' },
      schema: {
        tags: ['sales'],
        summary: 'Park a cart and hold what is in it',
        headers: CommandHeaders,
        body: NewTicket,
        response: { 201: ParkedTicket, ...problems(409, 422) },
      },
    },
    async (request, reply) => {
      const key = request.headers['idempotency-key'];
      return sendCommand(reply, await useCases.parkTicket(actorOf(request), request.body, key));
    },
  );

  app.post(
    '/tickets/:id/resume',
    {
      config: { permission: 'sales.make' },
      schema: {
        tags: ['sales'],
        summary: 'Put a parked ticket on the screen again; it stays held',
        headers: CommandHeaders,
        params: IdParams,
        response: { 200: ResumedTicket, ...problems(409, 422) },
      },
    },
    async (request, reply) => {
      const key = request.headers['idempotency-key'];
      return sendCommand(reply, await useCases.resumeTicket(actorOf(request), request.params.id, key));
    },
  );

  app.post(
    '/tickets/:id/drop',
    {
      config: { permission: 'sales.make' },
      schema: {
        tags: ['sales'],
        summary: 'Drop a parked ticket; what it held is free',
        headers: CommandHeaders,
        params: IdParams,
        response: { 200: Type.Object({ id: Id() }), ...problems(409, 422) },
      },
    },
    async (request, reply) => {
      const key = request.headers['idempotency-key'];
      return sendCommand(reply, await useCases.dropTicket(actorOf(request), request.params.id, key));
    },
  );
};
