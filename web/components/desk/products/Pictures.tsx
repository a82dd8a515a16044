import { ActionIcon, Button } from '@mantine/core';
import { IconPhotoPlus, IconTrash } from '@tabler/icons-react';
import { type ChangeEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ImageView, ProductDetail } from '../../../../api/products/schemas';
import { imageTypes, mostImageBytes } from '../../../../domain/image';
import { ProblemNote } from '../ProblemNote';
import { useCommand } from '../useCommand';
import classes from './Pictures.module.css';

interface Props {
  product: ProductDetail;
  mayWrite: boolean;
  /** Something came or went. */
  onChanged(): Promise<void>;
}

/** CAT-12: the pictures of a product; the first one is the one of lists. */
export function Pictures({ product, mayWrite, onChanged }: Props) {
  const { t } = useTranslation('products');
  const input = useRef<HTMLInputElement>(null);
  const [tooLarge, setTooLarge] = useState(false);
  const { run, busy, problem } = useCommand();
  const path = `/products/${product.id}/images`;

  const add = async ({ currentTarget }: ChangeEvent<HTMLInputElement>): Promise<void> => {
    const files = [...(currentTarget.files ?? [])];
    // The same file may be chosen again.
    currentTarget.value = '';
    setTooLarge(files.some(({ size }) => size > mostImageBytes));
    for (const file of files.filter(({ size }) => size <= mostImageBytes)) {
      const outcome = await run<ImageView>({ method: 'POST', path, file });
      if (outcome.kind !== 'ok') break;
    }
    await onChanged();
  };
  const remove = async (id: string): Promise<void> => {
    const outcome = await run<{ removed: true }>({ method: 'POST', path: `/images/${id}/remove` });
    if (outcome.kind === 'ok') await onChanged();
  };

  return (
    <section className={classes.card} aria-labelledby="pictures">
      <header className={classes.head}>
        <h2 id="pictures" className={classes.section}>
          {t('detail.pictures')}
        </h2>
        {mayWrite && (
          <>
            <input
              ref={input}
              type="file"
              accept={imageTypes.join()}
              multiple
              className="nv-hidden"
              tabIndex={-1}
              aria-label={t('detail.upload')}
              onChange={(event) => void add(event)}
            />
            <Button
              variant="light"
              leftSection={<IconPhotoPlus size={18} aria-hidden />}
              loading={busy === path}
              title={t('detail.upload_hint')}
              onClick={() => input.current?.click()}
            >
              {t('detail.upload')}
            </Button>
          </>
        )}
      </header>
      {product.images.length === 0 ? (
        <p className={classes.none}>{t(mayWrite ? 'detail.no_pictures' : 'detail.no_pictures_read')}</p>
      ) : (
        <ul className={classes.pictures}>
          {product.images.map(({ id, url }, at) => (
            <li key={id} className={classes.picture}>
              <img
                src={url}
                alt={t('detail.picture', { n: at + 1, name: product.name })}
                loading="lazy"
                decoding="async"
              />
              {mayWrite && (
                <ActionIcon
                  className={classes.remove}
                  variant="filled"
                  color="dark"
                  size={36}
                  aria-label={t('detail.remove_picture', { n: at + 1 })}
                  disabled={busy !== null}
                  onClick={() => void remove(id)}
                >
                  <IconTrash size={18} aria-hidden />
                </ActionIcon>
              )}
            </li>
          ))}
        </ul>
      )}
      {tooLarge && (
        <p role="alert" className={classes.wrong}>
          {t('detail.picture_too_large')}
        </p>
      )}
      {problem !== null && <ProblemNote problem={problem} />}
    </section>
  );
}
