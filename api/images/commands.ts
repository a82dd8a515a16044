import { createHash } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import type { Actor } from '../../domain/access';
import { NervioError } from '../../domain/errors';
import { imageTypeOf, imageTypes, mostImages } from '../../domain/image';
import { audit } from '../../store/audit';
import { objectKey } from '../../store/objects';
import { deleteImage, findImage, imagesOfProduct, insertImage } from '../../store/product-images';
import { findProduct } from '../../store/products';
import { type CommandResult, runCommand } from '../command';
import type { ApiDeps } from '../deps';
import { imageUrl } from '../products/queries';
import type { ImageView } from '../products/schemas';

/**
 * CAT-12: one more picture of a product; the first one is the one of lists. What it is, its bytes say.
 * @throws NervioError not_found, not_an_image, too_many_images
 */
export async function addImage(
  deps: ApiDeps,
  actor: Actor,
  productId: string,
  file: Buffer,
  key: string,
): Promise<CommandResult<ImageView>> {
  const command = {
    actor,
    permission: 'products.write',
    key,
    method: 'POST',
    path: `/api/v1/products/${productId}/images`,
    body: createHash('sha256').update(file).digest('hex'),
  } as const;
  return runCommand(deps, command, async (tx) => {
    const contentType = imageTypeOf(file);
    if (contentType === null) throw new NervioError('not_an_image', { accepted: imageTypes });
    if ((await findProduct(tx, productId, true)) === null) throw new NervioError('not_found');
    if ((await imagesOfProduct(tx, productId)).length >= mostImages) {
      throw new NervioError('too_many_images', { most: mostImages });
    }
    const id = uuidv7();
    const image = { id, productId, key: objectKey(tx.tenantId, 'images', id), contentType, bytes: file.length };
    // Before the row that names it: a picture without a row is waste, a row without a picture is a hole.
    await deps.objects.put(image.key, file, contentType);
    await insertImage(tx, image);
    await audit(tx, actor, { action: 'image.added', entityType: 'product', entityId: productId, after: { id } });
    return { status: 201, body: { id, url: imageUrl(id), contentType, bytes: file.length } };
  });
}

/** @throws NervioError not_found */
export async function removeImage(
  deps: ApiDeps,
  actor: Actor,
  id: string,
  key: string,
): Promise<CommandResult<{ removed: true }>> {
  const path = `/api/v1/images/${id}/remove`;
  const command = { actor, permission: 'products.write', key, method: 'POST', path, body: null } as const;
  return runCommand(deps, command, async (tx) => {
    const image = await findImage(tx, id);
    if (image === null) throw new NervioError('not_found');
    await deleteImage(tx, id);
    await audit(tx, actor, {
      action: 'image.removed',
      entityType: 'product',
      entityId: image.productId,
      before: { id, contentType: image.contentType, bytes: image.bytes },
    });
    return { status: 200, body: { removed: true } };
  });
}
