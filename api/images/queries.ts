import type { Actor } from '../../domain/access';
import { NervioError } from '../../domain/errors';
import { findImage } from '../../store/product-images';
import type { ApiDeps } from '../deps';
import { requirePermission } from '../permission';

/** The bytes of a picture. @throws NervioError not_found */
export async function readImage(
  deps: ApiDeps,
  actor: Actor,
  id: string,
): Promise<{ contentType: string; body: Buffer }> {
  requirePermission(actor, 'products.read');
  const image = await deps.db.withTenant(actor.tenantId, (tx) => findImage(tx, id));
  const body = image === null ? null : await deps.objects.get(image.key);
  if (image === null || body === null) throw new NervioError('not_found');
  return { contentType: image.contentType, body };
}
