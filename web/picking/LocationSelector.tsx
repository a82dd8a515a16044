import { Drawer } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconCheck, IconChevronRight, IconSearch } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PlaceRef } from '../offline/queue';
import classes from './LocationSelector.module.css';

const shown = 60;
const fold = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** The catalogue of this device, to search in by name or code; works without the network. */
export function LocationSelector(props: {
  opened: boolean;
  locations: readonly PlaceRef[];
  recent: readonly string[];
  current: string | null;
  onClose: () => void;
  onChoose: (location: PlaceRef) => void;
}) {
  const { t } = useTranslation('picking');
  const { t: common } = useTranslation();
  const wide = useMediaQuery('(min-width: 62em)');
  const [text, setText] = useState('');
  const wanted = fold(text.trim());
  const matches = useMemo(
    () =>
      props.locations.filter(
        ({ name, barcode }) => wanted === '' || fold(name).includes(wanted) || fold(barcode ?? '').includes(wanted),
      ),
    [props.locations, wanted],
  );
  const recent =
    wanted === '' ? props.recent.flatMap((id) => props.locations.find((location) => location.id === id) ?? []) : [];
  const choose = (location: PlaceRef): void => {
    setText('');
    props.onChoose(location);
  };
  const row = (location: PlaceRef) => (
    <li key={location.id}>
      <button
        type="button"
        className={classes.row}
        onClick={() => choose(location)}
        aria-current={location.id === props.current}
      >
        <span className={classes.words}>
          <span className={classes.name}>{location.name}</span>
          <span className={`nv-code ${classes.code}`}>{location.barcode ?? t('destination.no_code')}</span>
        </span>
        {location.id === props.current ? (
          <IconCheck size={24} aria-hidden />
        ) : (
          <IconChevronRight size={24} aria-hidden />
        )}
      </button>
    </li>
  );
  return (
    <Drawer
      opened={props.opened}
      onClose={props.onClose}
      position={wide ? 'right' : 'bottom'}
      size={wide ? 480 : '92%'}
      title={t('destination.dialog')}
      classNames={{ content: classes.sheet, title: classes.title, header: classes.header, body: classes.body }}
      closeButtonProps={{ 'aria-label': common('close'), size: 56, iconSize: 28 }}
    >
      <form
        className={classes.search}
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          const exact = matches.find(({ barcode }) => fold(barcode ?? '') === wanted);
          const only = exact ?? (matches.length === 1 ? matches[0] : undefined);
          if (only) choose(only);
        }}
      >
        <IconSearch size={26} aria-hidden className={classes.glass} />
        <input
          className={classes.input}
          type="search"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          placeholder={t('destination.search_hint')}
          aria-label={t('destination.search')}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
        />
      </form>
      {props.locations.length === 0 && <p className={classes.note}>{t('destination.empty')}</p>}
      {recent.length > 0 && (
        <>
          <h3 className={classes.group}>{t('destination.recent')}</h3>
          <ul className={classes.list}>{recent.map(row)}</ul>
          <h3 className={classes.group}>{t('destination.all')}</h3>
        </>
      )}
      {matches.length === 0 && wanted !== '' ? (
        <p className={classes.note}>{t('destination.no_match', { text: text.trim() })}</p>
      ) : (
        <ul className={classes.list}>{matches.slice(0, shown).map(row)}</ul>
      )}
      {matches.length > shown && (
        <p className={classes.note}>{t('destination.more', { count: matches.length - shown })}</p>
      )}
    </Drawer>
  );
}
