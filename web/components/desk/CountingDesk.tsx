import { ActionIcon, Button, Switch, TextInput } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconMinus, IconPlus, IconRefresh } from '@tabler/icons-react';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isWhole, quantityOf } from '../../../domain/quantity';
import { useFormat } from '../../i18n/format';
import { articleName } from './article-name';
import { ArticlePicker } from './ArticlePicker';
import { Card } from './Detail';
import classes from './Count.module.css';
import { stepped } from './count-draft';
import { readQuantity } from './figures';
import { ProblemNote } from './ProblemNote';
import type { Missed } from './useArticleScan';
import type { Counting } from './useCounting';

export interface Counted {
  sku: string;
  name: string;
  size: string;
  colour: string;
  unit: string;
}

/** Where one counts: the article in hand, how much of it there is, and whether that is saved. */
export function CountingDesk(props: {
  article: Counted | null;
  counted: string;
  counting: Counting;
  missed: Missed | null;
  eachScan: boolean;
  onEachScan(on: boolean): void;
  onPick(article: Counted): void;
}) {
  const { t } = useTranslation('stock');
  const { article, counting, eachScan } = props;
  return (
    <div className={`${classes.work} nv-no-print`}>
      <Card title={t('count.scan')}>
        <ArticlePicker label={t('pick.label')} large missed={props.missed} onPick={props.onPick} />
        <Switch
          mt="md"
          size="md"
          label={t('count.each_scan')}
          description={t('count.each_scan_hint')}
          checked={eachScan}
          onChange={({ currentTarget }) => props.onEachScan(currentTarget.checked)}
        />
      </Card>
      {article !== null && (
        <InHand
          key={article.sku}
          article={article}
          counted={props.counted}
          onCount={(value) => counting.note(article.sku, value)}
        />
      )}
      <SaveState counting={counting} />
    </div>
  );
}

/** The article in hand. */
function InHand({ article, counted, onCount }: { article: Counted; counted: string; onCount(counted: string): void }) {
  const { t } = useTranslation('stock');
  const format = useFormat();
  const shown = format.quantity(counted);
  const [text, setText] = useState(shown);
  const [wrong, setWrong] = useState<'adjust.bad_quantity' | 'adjust.whole' | null>(null);
  const field = useRef<HTMLInputElement>(null);
  // Counted on by the scanner or another device: what is typed at this moment is not taken away.
  useEffect(() => {
    if (document.activeElement !== field.current) setText(shown);
  }, [shown]);

  const set = (event: FormEvent): void => {
    event.preventDefault();
    const quantity = readQuantity(text);
    const no =
      quantity === null
        ? 'adjust.bad_quantity'
        : article.unit === 'unit' && !isWhole(quantityOf(quantity))
          ? 'adjust.whole'
          : null;
    setWrong(no);
    if (no !== null || quantity === null) return field.current?.focus();
    onCount(quantity);
    setText(format.quantity(quantity));
    field.current?.blur();
  };
  const step = (by: 1 | -1): void => {
    const next = stepped(readQuantity(text) ?? counted, by);
    setWrong(null);
    setText(format.quantity(next));
    onCount(next);
  };
  return (
    <form className={classes.current} onSubmit={set} noValidate>
      <div>
        <h2 className={classes.name} aria-live="polite">
          {articleName(article)}
        </h2>
        <span className="nv-code">{article.sku}</span>
      </div>
      <div className={classes.steps}>
        <ActionIcon variant="default" size={60} aria-label={t('count.one_less')} onClick={() => step(-1)}>
          <IconMinus size={26} aria-hidden />
        </ActionIcon>
        <TextInput
          ref={field}
          aria-label={t('count.quantity_of', { name: articleName(article) })}
          inputMode="decimal"
          autoComplete="off"
          value={text}
          error={wrong === null ? null : t(wrong)}
          onFocus={({ currentTarget }) => currentTarget.select()}
          onChange={({ currentTarget }) => {
            setText(currentTarget.value);
            setWrong(null);
          }}
        />
        <ActionIcon variant="default" size={60} aria-label={t('count.one_more')} onClick={() => step(1)}>
          <IconPlus size={26} aria-hidden />
        </ActionIcon>
        <Button type="submit" size="lg" h={60}>
          {t('count.set')}
        </Button>
      </div>
    </form>
  );
}

function SaveState({ counting }: { counting: Counting }) {
  const { t } = useTranslation('stock');
  const { unsaved, offline, refused } = counting;
  const count = Object.keys(unsaved).length;
  const [everSaved, setEverSaved] = useState(false);
  useEffect(() => {
    if (count > 0) setEverSaved(true);
  }, [count]);
  return (
    <>
      <p
        className={classes.state}
        role="status"
        data-tone={offline && count > 0 ? 'warn' : count > 0 ? undefined : 'good'}
      >
        {count > 0 && offline && (
          <>
            <IconAlertTriangle size={18} aria-hidden /> {t('count.unsaved', { count })}
          </>
        )}
        {count > 0 && !offline && (
          <>
            <IconRefresh size={18} aria-hidden /> {t('count.saving', { count })}
          </>
        )}
        {count === 0 && everSaved && refused === null && (
          <>
            <IconCircleCheck size={18} aria-hidden /> {t('count.saved')}
          </>
        )}
      </p>
      {refused !== null && <ProblemNote problem={{ ...refused.problem, skus: refused.skus }} />}
    </>
  );
}
