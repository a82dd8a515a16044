import type { Cluster } from './db/cluster';
import { faultOf, legacyFaultOf, OdooFault, pythonError } from './faults';
import { runService, type ServiceCall } from './services';
import type { OdooVersion } from './versions';
import { jsonError, jsonResult, parseJsonCall } from './wire/jsonrpc';
import type { RpcValue } from './wire/values';
import { ExpatError } from './wire/xml';
import { MarshalNoneError, parseMethodCall, writeFault, writeResponse } from './wire/xmlrpc';

/** One of the three ways in: /xmlrpc/2, the old /xmlrpc, /jsonrpc. */
export interface Protocol {
  contentType: string;
  parse(body: string): { call: ServiceCall } | { answer: string };
  result(value: RpcValue, version: OdooVersion): string;
  fault(fault: OdooFault, version: OdooVersion): string;
}

/**
 * The protocol of an address, or null for none of Odoo's. A database's name may stand before it
 * (`/otra/xmlrpc/2/common`): each database is a server of its own then, as behind a proxy.
 */
export function protocolFor(path: string, cluster: Cluster): Protocol | null {
  const parts = /^(?:\/([\w-]+))??\/(xmlrpc\/2|xmlrpc|jsonrpc)(?:\/(\w+))?$/.exec(path);
  if (!parts) return null;
  const [, home, kind, service] = parts;
  if (home !== undefined && !cluster.has(home)) return null;
  const version = cluster.versionOf(home);
  if (kind === 'jsonrpc') return service === undefined ? jsonProtocol(home) : null;
  return service === undefined ? null : xmlProtocol(service, kind === 'xmlrpc', version, home);
}

/** Runs a call and words its answer. `forced` is a fault to answer with instead of doing the work. */
export function call(
  cluster: Cluster,
  protocol: Protocol,
  request: ServiceCall,
  arrivedAt: number,
  forced: OdooFault | null,
): string {
  const db =
    request.service === 'common' && typeof request.args[0] !== 'string' ? request.home : String(request.args[0]);
  const version = cluster.versionOf(db !== undefined && cluster.has(db) ? db : request.home);
  try {
    if (forced) throw forced;
    return protocol.result(runService(cluster, request, arrivedAt), version);
  } catch (error) {
    if (error instanceof MarshalNoneError) return protocol.fault(pythonError('TypeError', error.message), version);
    if (error instanceof OdooFault) return protocol.fault(error, version);
    throw error;
  }
}

function xmlProtocol(service: string, legacy: boolean, version: OdooVersion, home: string | undefined): Protocol {
  const fault = (one: OdooFault, of: OdooVersion): string => {
    const { code, text } = legacy ? legacyFaultOf(one) : faultOf(one);
    return writeFault(code, text, of);
  };
  return {
    contentType: 'text/xml; charset=utf-8',
    parse: (body) => {
      try {
        const { method, params } = parseMethodCall(body);
        return { call: { service, method, args: params, ...(home === undefined ? {} : { home }) } };
      } catch (error) {
        if (!(error instanceof ExpatError)) throw error;
        return { answer: fault(pythonError('xml.parsers.expat.ExpatError', error.message), version) };
      }
    },
    result: writeResponse,
    fault,
  };
}

function jsonProtocol(home: string | undefined): Protocol {
  let id: RpcValue = null;
  return {
    contentType: 'application/json; charset=utf-8',
    parse: (body) => {
      const bad = {
        answer: jsonError(null, pythonError('werkzeug.exceptions.BadRequest', '400 Bad Request: Invalid JSON data')),
      };
      try {
        const message = parseJsonCall(body);
        if (!message) return bad;
        id = message.id;
        const { service, method, args } = message;
        return { call: { service, method, args, ...(home === undefined ? {} : { home }) } };
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
        return bad;
      }
    },
    result: (value) => jsonResult(id, value),
    fault: (one) => jsonError(id, one),
  };
}
