import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './CodeEntry.module.css';

/** By hand: for a torn label, without a scanner, or by keyboard alone. Never takes the focus by itself (no soft keyboard). */
export function CodeEntry({ step, onCode }: { step: 'destination' | 'pallets'; onCode: (code: string) => void }) {
  const { t } = useTranslation('picking');
  const [code, setCode] = useState('');
  const label = step === 'destination' ? t('entry.location') : t('entry.pallet');
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (code.trim() === '') return;
        onCode(code.trim());
        setCode('');
      }}
    >
      <input
        className={classes.input}
        value={code}
        onChange={(event) => setCode(event.currentTarget.value)}
        placeholder={label}
        aria-label={label}
        name="code"
        autoComplete="off"
        autoCapitalize="characters"
        autoCorrect="off"
        spellCheck={false}
        enterKeyHint={step === 'destination' ? 'go' : 'done'}
        maxLength={128}
      />
      <button type="submit" className={classes.button} disabled={code.trim() === ''}>
        {step === 'destination' ? t('entry.use') : t('entry.add')}
      </button>
    </form>
  );
}
