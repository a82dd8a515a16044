import { IconBackspace } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import classes from './NumberPad.module.css';

export type PadKey = '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9' | '000' | '00' | ',' | 'erase';

const digits = ['7', '8', '9', '4', '5', '6', '1', '2', '3'] as const;

/** Figures by thumb, without the soft keyboard over half of the screen. */
export function NumberPad({ extra, onKey }: { extra: '000' | '00' | ',' | null; onKey: (key: PadKey) => void }) {
  const { t } = useTranslation('pos');
  const key = (name: PadKey) => (
    <button
      key={name}
      type="button"
      className={`nv-figures ${classes.key}`}
      // The field keeps the focus: the next figure may come from the keyboard.
      onPointerDown={(event) => event.preventDefault()}
      onClick={() => onKey(name)}
      {...(name === 'erase' && { 'aria-label': t('pay.erase') })}
      tabIndex={-1}
    >
      {name === 'erase' ? <IconBackspace size={28} aria-hidden /> : name}
    </button>
  );
  return (
    <div className={classes.pad} role="group" aria-label={t('pay.pad')}>
      {digits.map(key)}
      {extra === null ? <span /> : key(extra)}
      {key('0')}
      {key('erase')}
    </div>
  );
}
