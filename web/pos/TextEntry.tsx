import { type ComponentPropsWithoutRef, useId } from 'react';
import classes from './Entry.module.css';

/** A line of text with its label above, and below what is wrong with it. */
export function TextEntry(props: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  error?: string | null;
  field?: ComponentPropsWithoutRef<'input'>;
}) {
  const { label, value, onChange, error = null, field } = props;
  const id = useId();
  return (
    <div className={classes.entry}>
      <label className={classes.label} htmlFor={id}>
        {label}
      </label>
      <input
        id={id}
        className={classes.text}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        autoComplete="off"
        aria-invalid={error !== null}
        {...(error !== null && { 'aria-describedby': `${id}-wrong` })}
        {...field}
      />
      {error !== null && (
        <p className={classes.wrong} id={`${id}-wrong`} role="alert">
          {error}
        </p>
      )}
    </div>
  );
}

export function CheckEntry({
  label,
  checked,
  onChange,
}: {
  label: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}) {
  return (
    <label className={classes.check}>
      <input
        type="checkbox"
        className={classes.box}
        checked={checked}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      {label}
    </label>
  );
}
