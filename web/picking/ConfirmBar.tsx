import { IconArrowBackUp } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { type Draft, totals } from './draft';
import type { PickingState } from './store';
import classes from './ConfirmBar.module.css';

/** PICK-03: the largest thing on the screen; beside it, the last scan taken back with one press. */
export function ConfirmBar(props: {
  draft: Draft;
  confirming: PickingState['confirming'];
  onConfirm: () => void;
  onUndo: () => void;
}) {
  const { t } = useTranslation('picking');
  const { draft, confirming } = props;
  const { going } = totals(draft);
  const last = draft.undo.at(-1);
  if (!draft.destination && draft.lines.length === 0) return null;
  const able = draft.destination !== null && going.length > 0;
  const what = !draft.destination
    ? t('confirm.needs_destination')
    : going.length === 0
      ? t('confirm.needs_pallets')
      : t('confirm.what', { count: going.length, place: draft.destination.name });
  return (
    <footer className={classes.bar}>
      <button
        type="button"
        className={classes.undo}
        onClick={props.onUndo}
        disabled={!last}
        aria-label={last ? t('undo_what', { what: last.label }) : t('undo')}
      >
        <IconArrowBackUp size={28} stroke={2.2} aria-hidden />
        <span>{t('undo')}</span>
      </button>
      <button
        type="button"
        className={classes.confirm}
        onClick={props.onConfirm}
        disabled={!able || confirming === 'saving'}
        aria-describedby="confirm-what"
        data-testid="confirm"
      >
        <span className={classes.words}>{confirming === 'saving' ? t('confirm.saving') : t('confirm.button')}</span>
        <span className={classes.what} id="confirm-what">
          {what}
        </span>
      </button>
    </footer>
  );
}
