import { IconPhoto } from '@tabler/icons-react';
import { useState } from 'react';
import classes from './Picture.module.css';

/** A product's picture in a list; without one, or where it does not come, a frame of the same size. */
export function Picture({ url, size = 44 }: { url: string | null; size?: number }) {
  const [broken, setBroken] = useState<string | null>(null);
  return (
    <span className={classes.frame} style={{ '--size': `${size}px` } as React.CSSProperties}>
      {url === null || url === broken ? (
        <IconPhoto size={size / 2} stroke={1.5} aria-hidden />
      ) : (
        // The name stands beside it.
        <img
          src={url}
          alt=""
          width={size}
          height={size}
          loading="lazy"
          decoding="async"
          onError={() => setBroken(url)}
        />
      )}
    </span>
  );
}
