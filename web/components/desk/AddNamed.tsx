import { Button, ColorInput, Group, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { problemText } from '../../i18n/problem';
import { ProblemNote } from './ProblemNote';
import { useCommand } from './useCommand';

/** One more of a list that is named by people: a location, a size, a colour with its shade, a register. */
export function AddNamed<T>(props: {
  path: string;
  label: string;
  placeholder?: string;
  maxLength: number;
  /** What the name must not be: the code of the refusal. */
  taken: string;
  shade?: boolean;
  more?: Record<string, string>;
  onAdded(made: T): void;
}) {
  const { t, i18n } = useTranslation('stores');
  const { run, busy, problem, clear } = useCommand();
  const [name, setName] = useState('');
  const [hex, setHex] = useState('');
  const add = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const body = { ...props.more, name: name.trim(), ...(hex !== '' && { hex }) };
    const outcome = await run<T>({ method: 'POST', path: props.path, body });
    if (outcome.kind !== 'ok') return;
    setName('');
    setHex('');
    props.onAdded(outcome.value);
  };
  const isTaken = problem?.code === props.taken;
  return (
    <form onSubmit={(event) => void add(event)} className="nv-no-print">
      <Group gap="xs" mt="md" align="flex-end">
        <TextInput
          flex="1 1 140px"
          label={props.label}
          placeholder={props.placeholder}
          value={name}
          maxLength={props.maxLength}
          autoComplete="off"
          error={isTaken ? problemText(props.taken, i18n.language === 'en' ? 'en' : 'es') : null}
          onChange={({ currentTarget }) => {
            setName(currentTarget.value);
            clear();
          }}
        />
        {props.shade === true && (
          <ColorInput
            flex="0 1 130px"
            label={t('hex')}
            format="hex"
            value={hex}
            onChange={setHex}
            eyeDropperButtonProps={{ 'aria-label': t('hex') }}
            withEyeDropper={false}
          />
        )}
        <Button type="submit" variant="default" loading={busy !== null} disabled={name.trim() === ''}>
          {t('add')}
        </Button>
      </Group>
      {problem !== null && !isTaken && <ProblemNote problem={problem} />}
    </form>
  );
}
