import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { sendCommand } from '../command-answer';
import { actorOf } from '../plugins/access';
import { problems } from '../plugins/openapi';
import { CommandHeaders, Id, IdParams, MoneyView, Page, PageQuery } from '../schemas';
import type { UseCases } from '../use-cases';
import {
  CashMovement,
  ClosedSession,
  CloseRegister,
  NewRegister,
  OpenRegister,
  RegisterSchema,
  Report,
  SessionDetail,
  SessionSummary,
} from './schemas';

/** Tills: who opened them, what went through them, and the count at the end of the day. */
export const registerRoutes: FastifyPluginAsyncTypebox<{ useCases: UseCases }> = async (app, { useCases }) => {
  app.get(
    '/registers',
    {
      config: { permission: 'sales.read' },
      schema: {
        tags: ['registers'],
        summary: 'Registers with their open session',
        querystring: Type.Object({ siteId: Type.Optional(Id()) }),
        response: { 200: Page(RegisterSchema), ...problems(404) },
      },
    },
    (request) => useCases.listRegisters(actorOf(request), request.query),
  );

  app.post(
    '/registers',
    {
      config: { permission: 'registers.write' },
      schema: {
        tags: ['registers'],
        summary: 'Create a register',
        headers: CommandHeaders,
        body: NewRegister,
        response: { 201: RegisterSchema, ...problems(409, 422) },
      },
    },
    async (request, reply) => {
      const key = request.headers['idempotency-key'];
      return sendCommand(reply, await useCases.createRegister(actorOf(request), request.body, key));
    },
  );

  app.post(
    '/registers/:id/open',
    {
      config: { permission: 'registers.operate' },
      schema: {
        tags: ['registers'],
        summary: 'Open a register with the cash that is in its drawer',
        headers: CommandHeaders,
        params: IdParams,
        body: OpenRegister,
        response: { 201: Type.Object({ sessionId: Id() }), ...problems(409, 422) },
      },
    },
    async (request, reply) => {
      const key = request.headers['idempotency-key'];
      return sendCommand(reply, await useCases.openRegister(actorOf(request), request.params.id, request.body, key));
    },
  );

  app.post(
    '/registers/:id/cash',
    {
      config: { permission: 'registers.operate' },
      schema: {
        tags: ['registers'],
        summary: 'Cash in (above zero) or out without a sale',
        headers: CommandHeaders,
        params: IdParams,
        body: CashMovement,
        response: { 201: Type.Object({ id: Id(), expected: MoneyView }), ...problems(409, 422) },
      },
    },
    async (request, reply) => {
      const key = request.headers['idempotency-key'];
      return sendCommand(reply, await useCases.moveCash(actorOf(request), request.params.id, request.body, key));
    },
  );

  app.get(
    '/registers/:id/report',
    {
      config: { permission: 'sales.read' },
      schema: {
        tags: ['registers'],
        summary: 'X report: what the open session has so far',
        params: IdParams,
        response: { 200: Report, ...problems(422) },
      },
    },
    (request) => useCases.reportRegister(actorOf(request), request.params.id),
  );

  app.post(
    '/registers/:id/close',
    {
      config: { permission: 'registers.operate' },
      schema: {
        tags: ['registers'],
        summary: 'Close with the counted cash: Z report',
        headers: CommandHeaders,
        params: IdParams,
        body: CloseRegister,
        response: { 200: ClosedSession, ...problems(409, 422) },
      },
    },
    async (request, reply) => {
      const key = request.headers['idempotency-key'];
      return sendCommand(reply, await useCases.closeRegister(actorOf(request), request.params.id, request.body, key));
    },
  );

  app.get(
    '/registers/:id/sessions',
    {
      config: { permission: 'sales.read' },
      schema: {
        tags: ['registers'],
        summary: 'Sessions of a register, newest first',
        params: IdParams,
        querystring: Type.Object(PageQuery),
        response: { 200: Page(SessionSummary) },
      },
    },
    (request) => useCases.listRegisterSessions(actorOf(request), request.params.id, request.query),
  );

  app.get(
    '/register-sessions',
    {
      config: { permission: 'sales.read' },
      schema: {
        tags: ['registers'],
        summary: 'Sessions of all registers that I may see, newest first',
        querystring: Type.Object({ ...PageQuery, siteId: Type.Optional(Id()), registerId: Type.Optional(Id()) }),
        response: { 200: Page(SessionSummary), ...problems(404) },
      },
    },
    (request) => useCases.listSessionsOfSites(actorOf(request), request.query),
  );

  app.get(
    '/register-sessions/:id',
    {
      config: { permission: 'sales.read' },
      schema: {
        tags: ['registers'],
        summary: 'A session with its Z report (open: what it has so far)',
        params: IdParams,
        response: { 200: SessionDetail },
      },
    },
    (request) => useCases.getRegisterSession(actorOf(request), request.params.id),
  );
};
