import { IconAlertOctagon, IconCircleCheckFilled, IconCircleDashed, IconX } from '@tabler/icons-react';
import { memo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/format';
import type { PlaceRef } from '../offline/queue';
import { type Line, problemOf } from './draft';
import classes from './PalletCard.module.css';
import { whyText } from './words';

/** One pallet: a tick, its code and weight, where it is now; or why it cannot go. */
export const PalletCard = memo(function PalletCard(props: {
  line: Line;
  destination: PlaceRef | null;
  onRemove: (code: string) => void;
}) {
  const { line, destination, onRemove } = props;
  const { t, i18n } = useTranslation('picking');
  const format = useFormat();
  const [now] = useState(Date.now);
  const problem = problemOf(line, destination);
  const { place } = line;
  const where =
    problem !== null
      ? t('pallets.not_going', { why: whyText(problem, t, i18n.language === 'en' ? 'en' : 'es') })
      : !place?.location
        ? line.lookup === 'asking'
          ? t('pallets.asking')
          : line.lookup === 'unchecked'
            ? t('pallets.unchecked')
            : t('pallets.no_place')
        : place.byOwnMove
          ? t('pallets.moved_to', { place: place.location.name })
          : place.certain || place.asOf === null
            ? t('pallets.now_in', { place: place.location.name })
            : t('pallets.last_seen', { place: place.location.name, ago: format.ago(place.asOf, now) });
  // Being asked about counts as good until something else is known: a tick at once, as the scanner's beep promised.
  const look = problem !== null ? 'problem' : place?.certain || line.lookup === 'asking' ? 'good' : 'unsure';
  const Icon = look === 'problem' ? IconAlertOctagon : look === 'unsure' ? IconCircleDashed : IconCircleCheckFilled;
  return (
    <li className={classes.card} data-look={look} data-testid="pallet" data-code={line.code}>
      <Icon size={32} aria-hidden className={classes.tick} />
      <div className={classes.body}>
        <p className={classes.head}>
          <span className={`nv-code ${classes.code}`}>{line.code}</span>
          <span className={`nv-figures ${classes.weight}`}>
            {line.weightKg !== null ? (
              format.kg(line.weightKg)
            ) : line.lookup === 'asking' ? (
              <span className={classes.skeleton} aria-label={t('pallets.asking')} role="img" />
            ) : problem !== null ? null : (
              <span className={classes.none}>{t('pallets.no_weight')}</span>
            )}
          </span>
        </p>
        <p className={classes.where}>{where}</p>
      </div>
      <button
        type="button"
        className={classes.remove}
        onClick={() => onRemove(line.code)}
        aria-label={t('pallets.remove', { code: line.code })}
      >
        <IconX size={26} stroke={2} aria-hidden />
      </button>
    </li>
  );
});
