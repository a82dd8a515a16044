import { Anchor } from '@mantine/core';
import { Link } from '@remix-run/react';
import { IconArrowLeft } from '@tabler/icons-react';
import { type ReactNode, useEffect, useId, useRef } from 'react';
import classes from './OperationDetail.module.css';

/** Head of a page about one thing: back to its list, what it is, its state, what can be done. */
export function DetailHead(props: {
  back: { to: string; label: string };
  title: string;
  number?: string | undefined;
  mark?: ReactNode;
  children?: ReactNode;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return (
    <>
      <Anchor component={Link} to={props.back.to} className={`${classes.back} nv-no-print`}>
        <IconArrowLeft size={18} aria-hidden />
        {props.back.label}
      </Anchor>
      <header className={classes.head}>
        <h1 ref={heading} tabIndex={-1} className={classes.title}>
          {props.title} {props.number !== undefined && <span className={classes.number}>{props.number}</span>}
        </h1>
        {props.mark}
        {props.children !== undefined && <div className={classes.actions}>{props.children}</div>}
      </header>
    </>
  );
}

/** A part of such a page, with its name. */
export function Card({
  title,
  count,
  aside,
  className = '',
  children,
}: {
  title: string;
  count?: number;
  aside?: ReactNode;
  className?: string;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <section className={`${classes.card} ${className}`} aria-labelledby={id}>
      <div className={classes.cardHead}>
        <h2 id={id} className={classes.section}>
          {title} {count !== undefined && <span className={classes.quiet}>{count}</span>}
        </h2>
        {aside}
      </div>
      {children}
    </section>
  );
}

/** Names and values; what has no value is left out. */
export function Facts({ facts }: { facts: readonly (readonly [string, ReactNode] | null)[] }) {
  return (
    <dl className={`${classes.card} ${classes.facts}`}>
      {facts
        .filter((fact) => fact !== null)
        .map(([name, value]) => (
          <div key={name} className={classes.fact}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
