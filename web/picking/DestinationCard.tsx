import { IconBuildingWarehouse, IconMapPin, IconScan } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { PlaceRef } from '../offline/queue';
import type { Draft } from './draft';
import { LocationSelector } from './LocationSelector';
import classes from './DestinationCard.module.css';

/** Step 1 (PICK-01): where to. Small once it is known, so that the pallets have the screen. */
export function DestinationCard(props: {
  draft: Draft;
  locations: readonly PlaceRef[];
  recent: readonly string[];
  /** Whether the catalogue is open to choose from. */
  choosing: boolean;
  onChoosing: (choosing: boolean) => void;
  onChoose: (location: PlaceRef) => void;
}) {
  const { t } = useTranslation('picking');
  const { destination } = props.draft;
  return (
    <>
      {destination ? (
        <div className={classes.chosen}>
          <IconMapPin size={30} stroke={2} aria-hidden className={classes.pin} />
          <div className={classes.name}>
            <p className={classes.label}>{t('destination.label')}</p>
            <p className={classes.place} data-testid="destination">
              {destination.name}
            </p>
          </div>
          <button type="button" className={classes.change} onClick={() => props.onChoosing(true)}>
            {t('destination.change')}
          </button>
        </div>
      ) : (
        <div className={classes.ask}>
          <IconScan size={72} stroke={1.3} aria-hidden className={classes.scan} />
          <h2 className={classes.title}>{t('destination.ask')}</h2>
          <button type="button" className={classes.choose} onClick={() => props.onChoosing(true)}>
            <IconBuildingWarehouse size={28} stroke={2} aria-hidden />
            {t('destination.choose')}
          </button>
        </div>
      )}
      <LocationSelector
        opened={props.choosing}
        locations={props.locations}
        recent={props.recent}
        current={destination?.id ?? null}
        onClose={() => props.onChoosing(false)}
        onChoose={(location) => {
          props.onChoosing(false);
          props.onChoose(location);
        }}
      />
    </>
  );
}
