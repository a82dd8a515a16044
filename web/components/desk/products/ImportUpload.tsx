import { Button, Loader } from '@mantine/core';
import { useNavigate } from '@remix-run/react';
import { IconDownload, IconFileSpreadsheet, IconUpload } from '@tabler/icons-react';
import { type DragEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ImportView } from '../../../../api/imports/schemas';
import { ProblemNote } from '../ProblemNote';
import { useCommand } from '../useCommand';
import { forgetPages } from '../useKeptPages';
import classes from './Imports.module.css';

/** As the API takes them. */
const mostBytes = 20 * 1_048_576;
const accepted = '.csv,.xlsx,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** Takes a spreadsheet, by drop or by choice, and goes to its preview. */
export function ImportUpload() {
  const { t } = useTranslation('products');
  const navigate = useNavigate();
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const [tooLarge, setTooLarge] = useState(false);
  const [reading, setReading] = useState<string | null>(null);
  const { run, busy, problem } = useCommand();

  const take = async (file: File | undefined): Promise<void> => {
    if (file === undefined || busy !== null) return;
    setTooLarge(file.size > mostBytes);
    if (file.size > mostBytes) return;
    setReading(file.name);
    const path = `/imports?fileName=${encodeURIComponent(file.name.slice(-200))}`;
    const outcome = await run<ImportView>({ method: 'POST', path, file });
    setReading(null);
    if (outcome.kind !== 'ok') return;
    forgetPages();
    void navigate(`/imports/${outcome.value.id}`);
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    void take(event.dataTransfer.files[0]);
  };

  return (
    <div className={classes.upload}>
      <div
        className={classes.drop}
        data-over={over}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <IconFileSpreadsheet size={40} stroke={1.4} aria-hidden />
        {reading === null ? (
          <>
            <p className={classes.main}>{t('imports.drop')}</p>
            <p className={classes.hint}>{t('imports.drop_hint')}</p>
          </>
        ) : (
          <p className={classes.main} role="status">
            <Loader size="sm" aria-hidden /> {t('imports.reading', { file: reading })}
          </p>
        )}
        <input
          ref={input}
          type="file"
          accept={accepted}
          className="nv-hidden"
          tabIndex={-1}
          aria-label={t('imports.choose')}
          onChange={({ currentTarget }) => {
            const file = currentTarget.files?.[0];
            // The same file, mended, may be chosen again.
            currentTarget.value = '';
            void take(file);
          }}
        />
        <Button
          size="md"
          leftSection={<IconUpload size={20} aria-hidden />}
          loading={busy !== null}
          onClick={() => input.current?.click()}
        >
          {t('imports.choose')}
        </Button>
      </div>
      {tooLarge && (
        <p role="alert" className={classes.wrong}>
          {t('imports.too_large')}
        </p>
      )}
      {problem !== null && <ProblemNote problem={problem} />}
      <details className={classes.columns}>
        <summary>{t('imports.columns')}</summary>
        <p>{t('imports.columns_text')}</p>
        <Button
          component="a"
          href="/productos-ejemplo.csv"
          download
          variant="light"
          leftSection={<IconDownload size={18} aria-hidden />}
        >
          {t('imports.example')}
        </Button>
      </details>
    </div>
  );
}
