import { defineSearchAttributeKey, SearchAttributeType, type SearchAttributePair } from '@temporalio/common';
import type { Client } from '@temporalio/client';

/** What ops find workflows by in the Temporal UI. A batch lists no members (2,048 bytes is the limit). */
export const searchAttributes = {
  tenant: defineSearchAttributeKey('NervioTenant', SearchAttributeType.KEYWORD),
  site: defineSearchAttributeKey('NervioSite', SearchAttributeType.KEYWORD),
  kind: defineSearchAttributeKey('NervioKind', SearchAttributeType.KEYWORD),
  operation: defineSearchAttributeKey('NervioOperation', SearchAttributeType.KEYWORD),
  batch: defineSearchAttributeKey('NervioBatch', SearchAttributeType.KEYWORD),
};

export function searchAttributesOf(values: {
  tenantId: string;
  siteId?: string | null;
  kind: string;
  operationId?: string | null;
  batchId?: string | null;
}): SearchAttributePair[] {
  const pairs: SearchAttributePair[] = [
    { key: searchAttributes.tenant, value: values.tenantId },
    { key: searchAttributes.kind, value: values.kind },
  ];
  if (values.siteId) pairs.push({ key: searchAttributes.site, value: values.siteId });
  if (values.operationId) pairs.push({ key: searchAttributes.operation, value: values.operationId });
  if (values.batchId) pairs.push({ key: searchAttributes.batch, value: values.batchId });
  return pairs;
}

/** gRPC's ALREADY_EXISTS. */
const alreadyExists = 6;

/** Registers them on a server that does not have them yet. */
export async function registerSearchAttributes(client: Client): Promise<void> {
  const { namespace } = client.options;
  const { customAttributes } = await client.connection.operatorService.listSearchAttributes({ namespace });
  const missing = Object.values(searchAttributes).filter((key) => !Object.hasOwn(customAttributes, key.name));
  if (missing.length === 0) return;
  // 2 = INDEXED_VALUE_TYPE_KEYWORD (temporal.api.enums.v1.IndexedValueType)
  const wanted = Object.fromEntries(missing.map((key) => [key.name, 2]));
  try {
    await client.connection.operatorService.addSearchAttributes({ namespace, searchAttributes: wanted });
  } catch (error) {
    // Two workers started at once.
    if ((error as { code?: number }).code !== alreadyExists) throw error;
  }
}
