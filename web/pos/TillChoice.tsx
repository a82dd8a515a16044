import { IconCashRegister, IconChevronRight } from '@tabler/icons-react';
import type { RegisterView } from './api';
import list from './List.module.css';
import classes from './TillChoice.module.css';
import type { Wording } from './words';

export interface SiteChoice {
  id: string;
  name: string;
}

/** Once on each device: which drawer stands beside it, and who has it open. */
export function TillChoice(props: {
  sites: readonly SiteChoice[];
  registers: readonly RegisterView[];
  current: string | null;
  userId: string;
  wording: Wording;
  onChoose: (registerId: string) => void;
}) {
  const { sites, registers, current, userId, wording, onChoose } = props;
  const { t, format } = wording;
  const shown = sites
    .map((site) => ({ site, own: registers.filter(({ siteId }) => siteId === site.id) }))
    .filter(({ own }) => own.length > 0);
  if (shown.length === 0)
    return (
      <div className={list.empty}>
        <IconCashRegister size={72} stroke={1.3} aria-hidden />
        <p className={list.emptyTitle}>{t('till.none')}</p>
        <p>{t('till.none_text')}</p>
      </div>
    );
  return (
    <div className={classes.choice}>
      {shown.map(({ site, own }) => (
        <section key={site.id} aria-labelledby={`site-${site.id}`}>
          <h3 className={classes.site} id={`site-${site.id}`}>
            {site.name}
          </h3>
          <ul className={list.rows}>
            {own.map(({ id, name, session }) => (
              <li key={id}>
                <button
                  type="button"
                  className={list.row}
                  aria-pressed={id === current}
                  onClick={() => onChoose(id)}
                  data-testid="register"
                >
                  <IconCashRegister
                    size={30}
                    stroke={1.7}
                    aria-hidden
                    className={classes.icon}
                    data-open={session !== null}
                  />
                  <span className={list.rowWords}>
                    <strong>{name}</strong>
                    <small>
                      {session === null
                        ? t('till.closed')
                        : session.openedBy.id === userId
                          ? t('till.open_by_you', { time: format.clock(session.openedAt) })
                          : t('till.open_by', { name: session.openedBy.name, time: format.clock(session.openedAt) })}
                    </small>
                  </span>
                  <IconChevronRight size={24} aria-hidden />
                </button>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
