import { Link, useLocation } from '@remix-run/react';
import { useEffect, useRef } from 'react';
import classes from './SectionTabs.module.css';

/** The screens of one section of the desk, beneath its name. */
export function SectionTabs({ label, tabs }: { label: string; tabs: readonly { to: string; label: string }[] }) {
  const { pathname } = useLocation();
  const current = useRef<HTMLAnchorElement>(null);
  // On a phone the strip is longer than the screen: the one that is open has to be in sight.
  useEffect(() => {
    // Newer browsers return a promise, which is no clean-up.
    void current.current?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [pathname]);
  return (
    <nav className={classes.bar} aria-label={label}>
      {tabs.map((tab) => (
        <Link
          key={tab.to}
          ref={tab.to === pathname ? current : undefined}
          to={tab.to}
          prefetch="intent"
          className={classes.tab}
          aria-current={tab.to === pathname ? 'page' : undefined}
        >
          {tab.label}
        </Link>
      ))}
    </nav>
  );
}
