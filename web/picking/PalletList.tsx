import { IconPackages } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/format';
import { type Draft, totals } from './draft';
import { PalletCard } from './PalletCard';
import classes from './PalletList.module.css';

/** Step 2 (PICK-02): what goes, newest on top, with its count and weight. */
export function PalletList({ draft, onRemove }: { draft: Draft; onRemove: (code: string) => void }) {
  const { t } = useTranslation('picking');
  const format = useFormat();
  const { going, kg, unweighed } = totals(draft);
  if (draft.lines.length === 0 && !draft.destination) return null;
  return (
    <section className={classes.pallets} aria-labelledby="pallets-title">
      <header className={classes.header}>
        <h2 id="pallets-title" className={classes.count} data-testid="count">
          {t('pallets.count', { count: going.length })}
        </h2>
        <p className={`nv-figures ${classes.total}`}>
          {unweighed > 0 && <span className={classes.unweighed}>{t('pallets.unweighed', { count: unweighed })}</span>}
          {/* Not known is not nothing. */}
          {unweighed < going.length || going.length === 0 ? (
            <>
              <span className="nv-hidden">{t('pallets.total')} </span>
              <strong data-testid="total">{format.kg(kg)}</strong>
            </>
          ) : null}
        </p>
      </header>
      {draft.lines.length === 0 ? (
        <div className={classes.empty}>
          <IconPackages size={64} stroke={1.2} aria-hidden className={classes.icon} />
          <p className={classes.ask}>{t('pallets.ask')}</p>
          <p className={classes.text}>{t('pallets.ask_text')}</p>
        </div>
      ) : (
        <ul className={classes.list} aria-label={t('pallets.list')}>
          {draft.lines.map((line) => (
            <PalletCard key={line.code} line={line} destination={draft.destination} onRemove={onRemove} />
          ))}
        </ul>
      )}
    </section>
  );
}
