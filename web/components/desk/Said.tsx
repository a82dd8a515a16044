import { IconCircleCheck } from '@tabler/icons-react';
import classes from './Stores.module.css';

/** What has just been done, seen and heard. */
export function Said({ words }: { words: string }) {
  return (
    <div role="status">
      {words !== '' && (
        <p className={classes.said}>
          <IconCircleCheck size={20} aria-hidden /> {words}
        </p>
      )}
    </div>
  );
}
