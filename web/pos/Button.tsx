import { type ComponentPropsWithoutRef, forwardRef, type ReactNode } from 'react';
import classes from './Button.module.css';

interface Look {
  /** The next thing to do, something beside it, or something that takes away. */
  look?: 'main' | 'plain' | 'danger';
  icon?: ReactNode;
  /** The key that does the same. */
  hint?: string | undefined;
}

/** A button of the till: for a thumb, with the key that does the same beside its words. */
export const Button = forwardRef<HTMLButtonElement, Look & ComponentPropsWithoutRef<'button'>>(function Button(
  { look = 'plain', icon, hint, children, className, ...rest },
  ref,
) {
  return (
    <button ref={ref} type="button" className={`${classes.button} ${className ?? ''}`} data-look={look} {...rest}>
      {icon}
      <span className={classes.words}>{children}</span>
      {hint !== undefined && <Key>{hint}</Key>}
    </button>
  );
});

export function ButtonLink({ look = 'plain', icon, children, ...rest }: Look & ComponentPropsWithoutRef<'a'>) {
  return (
    <a className={classes.button} data-look={look} {...rest}>
      {icon}
      <span className={classes.words}>{children}</span>
    </a>
  );
}

/** The key of a keyboard, where there may be one. Said to assistive technology by aria-keyshortcuts. */
export function Key({ children }: { children: ReactNode }) {
  return (
    <kbd className={classes.key} aria-hidden>
      {children}
    </kbd>
  );
}
