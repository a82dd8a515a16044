import { accessError, pythonError, userError } from '../faults';
import { isStruct, type RpcStruct, type RpcValue } from '../wire/values';
import { translate } from '../texts';
import type { Env } from './env';
import { BASE_METHODS, bindArguments } from './methods';
import type { Method, Model } from './model';

/** True when this model and method change something (also when the call itself would fail). */
export function changesSomething(env: Env, model: string, method: string): boolean {
  const found = env.registry.get(model);
  return (found?.methods?.[method] ?? BASE_METHODS[method])?.changes ?? false;
}

/**
 * `execute_kw(model, method, args, kwargs)` inside a transaction: finds the method, binds the arguments, runs it.
 * @throws OdooFault as the server does
 */
export function executeKw(env: Env, modelName: string, methodName: string, args: RpcValue, kwargs: RpcValue): RpcValue {
  const model = env.model(modelName);
  if (methodName.startsWith('_')) throw accessError(translate(env, 'privateMethod', modelName, methodName));
  const { context, ...rest } = isStruct(kwargs) ? kwargs : ({} as RpcStruct);
  const called = isStruct(context) ? env.withContext(context) : env;
  checkLanguage(called);
  const positional = Array.isArray(args) ? args : isStruct(args) ? Object.keys(args) : [args];
  const own = model.methods?.[methodName];
  if (own && available(own, env)) {
    const { ids, tail } = split(called, model, own, positional, methodName);
    return own.run(called, ids, bindArguments(className(model.name), methodName, own, tail, rest));
  }
  const base = BASE_METHODS[methodName];
  if (!base || !available(base, env)) throw noMethod(env, modelName, methodName);
  const method =
    methodName === 'search_read' && env.version === 16
      ? { ...base, params: base.params.filter((one) => one !== 'load?') }
      : base;
  const { ids, tail } = split(called, model, method, positional, methodName);
  const owner = methodName === 'search_read' && env.version === 16 ? className(model.name) : 'BaseModel';
  return base.run(called, model, ids, bindArguments(owner, methodName, method, tail, rest));
}

function available(method: Pick<Method, 'versions'>, env: Env): boolean {
  return !method.versions || method.versions.includes(env.version);
}

function noMethod(env: Env, model: string, method: string): Error {
  const text =
    env.version === 16
      ? `type object '${model}' has no attribute '${method}'`
      : `The method '${model}.${method}' does not exist`;
  return pythonError('AttributeError', text);
}

/** Python class of a model's own methods, as TypeErrors name it. */
function className(model: string): string {
  if (model === 'res.users') return 'Users';
  return model
    .split(/[._]/)
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');
}

/** Takes the record ids off the arguments of a record method. */
function split(
  env: Env,
  model: Model,
  method: Pick<Method, 'on'>,
  args: RpcValue[],
  name: string,
): { ids: number[]; tail: RpcValue[] } {
  if (method.on === 'model') return { ids: [], tail: args };
  if (args.length === 0) throw pythonError('IndexError', 'tuple index out of range');
  return { ids: recordIds(env, model, args[0] as RpcValue, name), tail: args.slice(1) };
}

function recordIds(env: Env, model: Model, value: RpcValue, method: string): number[] {
  if (typeof value === 'number') return [value];
  if (typeof value === 'string') {
    if (env.version !== 16 || method !== 'read') return [];
    const letters = [...value];
    throw accessError(
      `Database fetch misses ids ((${letters.map((one) => `'${one}'`).join(', ')})) and has extra ids ((${letters.join(', ')})), may be caused by a type incoherence in a previous request`,
    );
  }
  if (!Array.isArray(value)) return [];
  for (const id of value) if (isStruct(id)) throw pythonError('TypeError', "unhashable type: 'dict'");
  return value.filter((id): id is number => typeof id === 'number');
}

/** 18 refuses a language that is not installed; 16 and 17 ignore it. */
function checkLanguage(env: Env): void {
  const lang = env.context['lang'];
  if (env.version !== 18 || typeof lang !== 'string' || !lang || lang === 'en_US') return;
  if (env.where('res.lang', 'code', lang).length === 0) throw userError(`Invalid language code: ${lang}`);
}
