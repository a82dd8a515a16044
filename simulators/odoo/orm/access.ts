import { accessError } from '../faults';
import type { OdooVersion } from '../versions';
import type { Env } from './env';
import type { Model } from './model';

export type Operation = 'read' | 'write' | 'create' | 'unlink';

const VERB: Record<Operation, string> = { read: 'access', write: 'modify', create: 'create', unlink: 'delete' };

/** Groups by xml id with the label that access faults print. */
const LABEL: Record<string, string | Record<OdooVersion, string>> = {
  'stock.group_stock_manager': 'Inventory/Administrator',
  'stock.group_stock_user': 'Inventory/User',
  'account.group_account_invoice': { 16: 'Invoicing/Billing', 17: 'Invoicing/Billing', 18: 'Invoicing/Invoicing' },
  'account.group_account_manager': {
    16: 'Invoicing/Billing Administrator',
    17: 'Invoicing/Billing Administrator',
    18: 'Invoicing/Administrator',
  },
  'account.group_account_readonly': 'Technical/Show Accounting Features - Readonly',
  'base.group_portal': 'User types/Portal',
  'base.group_system': 'Administration/Settings',
};

const MANAGER = 'stock.group_stock_manager';
const STOCK = [MANAGER, 'stock.group_stock_user'];
const BILLING = 'account.group_account_invoice';
const TRANSFERS = [...STOCK, BILLING];
const TRANSFERS_READ = [...TRANSFERS, 'account.group_account_readonly'];
const SETTINGS = ['base.group_system'];

type Rule = Record<Operation, readonly string[] | 'all'>;
const transfers: Rule = { read: TRANSFERS_READ, write: TRANSFERS, create: TRANSFERS, unlink: STOCK };
const stockOnly: Rule = { read: STOCK, write: STOCK, create: STOCK, unlink: STOCK };
const managed = (write: readonly string[]): Rule => ({ read: 'all', write, create: write, unlink: write });

/** Who may do what. A model that is not here is open to every internal user. */
const RULES: Record<string, Rule> = {
  'stock.picking': transfers,
  'stock.move': transfers,
  'stock.move.line': transfers,
  'stock.package_level': stockOnly,
  'stock.quant': managed(STOCK),
  'stock.quant.package': managed(STOCK),
  'stock.location': managed([MANAGER]),
  'stock.picking.type': managed([MANAGER]),
  'stock.warehouse': managed([MANAGER]),
  'stock.lot': managed(STOCK),
  'product.product': managed([MANAGER]),
  'stock.backorder.confirmation': stockOnly,
  'stock.immediate.transfer': stockOnly,
  'stock.quant.relocate': { read: [MANAGER], write: [MANAGER], create: [MANAGER], unlink: [MANAGER] },
  'res.users': managed(SETTINGS),
  'res.company': managed(SETTINGS),
  'ir.config_parameter': { read: SETTINGS, write: SETTINGS, create: SETTINGS, unlink: SETTINGS },
};

/** True when the user has the group. */
export function hasGroup(env: Env, group: string): boolean {
  const groups = String(env.get('res.users', env.uid)?.['group_codes'] ?? '').split(' ');
  return groups.includes(group);
}

export function mayAccess(env: Env, model: Model, operation: Operation): boolean {
  const allowed = RULES[model.name]?.[operation] ?? 'all';
  return allowed === 'all' || allowed.some((group) => hasGroup(env, group));
}

/** @throws fault 4 with the text of the call's language */
export function checkAccess(env: Env, model: Model, operation: Operation): void {
  if (mayAccess(env, model, operation)) return;
  const groups = RULES[model.name]?.[operation] as readonly string[];
  throw accessError(refusal(env, model, operation, groups));
}

function refusal(env: Env, model: Model, operation: Operation, groups: readonly string[]): string {
  const labels = groups.map((group) => labelOf(group, env.version)).sort();
  if (env.lang.startsWith('es') && operation === 'create') return spanishRefusal(env, model, labels);
  return `You are not allowed to ${VERB[operation]} '${model.description}' (${model.name}) records.\n\nThis operation is allowed for the following groups:\n${labels.map((label) => `\t- ${label}`).join('\n')}\n\nContact your administrator to request access if necessary.`;
}

/** Only creating was recorded in Spanish; other operations answer in English. */
function spanishRefusal(env: Env, model: Model, labels: string[]): string {
  const name = model.name === 'stock.location' ? 'Ubicaciones de inventario' : model.description;
  const spanish = labels.map((label) => label.replace('Inventory/Administrator', 'Inventario/Administrador'));
  const list = spanish.map((label) => `\t- ${label}`).join('\n');
  return env.version === 16
    ? `No puedes crear informes '${name}' (${model.name})\n\nSe permite esta operación para los grupos siguientes:\n${list}\n\nPonte en contacto con tu administrador para pedirle acceso si es necesario`
    : `No puede crear registros '${name}' (${model.name}).\n\nEsta operación está permitida para los siguientes grupos:\n${list}\n\nPóngase en contacto con su administrador para solicitar acceso si es necesario.`;
}

function labelOf(group: string, version: OdooVersion): string {
  const label = LABEL[group] ?? group;
  return typeof label === 'string' ? label : label[version];
}
