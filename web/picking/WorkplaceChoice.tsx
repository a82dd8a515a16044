import { IconCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Workplace } from './useWorkplace';
import classes from './WorkplaceChoice.module.css';

/** In which warehouse the person works: asked once on a device, changed from the menu. Scanning does not wait for it. */
export function WorkplaceChoice(props: {
  workplaces: readonly Workplace[];
  current: string | null;
  onChoose: (siteId: string) => void;
  /** On the screen, while it is not known; else in the menu. */
  asking?: boolean;
}) {
  const { t } = useTranslation('picking');
  const { workplaces, current, onChoose, asking = false } = props;
  const title = t(asking ? 'workplace.ask' : 'workplace.label');
  return (
    <section className={classes.choice} data-asking={asking} aria-label={title}>
      <p className={classes.title}>{title}</p>
      {asking && <p className={classes.text}>{t('workplace.ask_text')}</p>}
      <div className={classes.places}>
        {workplaces.map(({ id, name }) => (
          <button
            key={id}
            type="button"
            className={classes.place}
            aria-pressed={id === current}
            onClick={() => onChoose(id)}
          >
            <span>{name}</span>
            {id === current && <IconCheck size={24} aria-hidden />}
          </button>
        ))}
      </div>
    </section>
  );
}
