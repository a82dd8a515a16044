import { IconArrowDownLeft, IconArrowUpRight, IconCashRegister, IconLock, IconPrinter } from '@tabler/icons-react';
import { useCallback, useState } from 'react';
import { readReport, type RegisterView } from './api';
import { Button } from './Button';
import { CashForm } from './CashForm';
import { CloseForm } from './CloseForm';
import list from './List.module.css';
import notice from './Notice.module.css';
import { OpenRegister } from './OpenRegister';
import type { Paper, ReportPaper } from './paper';
import { ProblemNote } from './ProblemNote';
import classes from './RegisterSheet.module.css';
import { ReportLines } from './ReportLines';
import { Sheet } from './Sheet';
import type { Pos, PosState, Till } from './store';
import { type SiteChoice, TillChoice } from './TillChoice';
import { useAsked } from './useAsked';
import type { Wording } from './words';

export interface RegisterParts {
  pos: Pos;
  wording: Wording;
  currency: string;
  userId: string;
  mayOperate: boolean;
  sites: readonly SiteChoice[];
  registers: readonly RegisterView[];
  onChoose: (registerId: string) => void;
  /** The registers are to be read again. */
  onChanged: () => Promise<void>;
  onPrint: (paper: Paper) => void;
}

type Step = 'report' | 'in' | 'out' | 'close' | 'choose' | { closed: ReportPaper };

/** The drawer: what went through it, cash in and out, the count at the end of the day. */
export function RegisterSheet(props: RegisterParts & { state: PosState }) {
  const { state, pos, wording } = props;
  const { till } = state;
  return (
    <Sheet
      opened={state.over === 'register'}
      onClose={() => pos.show(null)}
      title={till ? `${till.register.name} · ${till.siteName}` : wording.t('till.label')}
    >
      {till && <Register {...props} till={till} />}
    </Sheet>
  );
}

function Register(props: RegisterParts & { till: Till }) {
  const { till, pos, wording, currency, userId, mayOperate, onChanged, onPrint } = props;
  const { t, format } = wording;
  const [step, setStep] = useState<Step>('report');
  const { session } = till.register;
  const back = () => setStep('report');

  if (typeof step === 'object')
    return (
      <>
        <p className={notice.notice} data-kind="good" role="status">
          <IconLock size={26} aria-hidden /> <span>{t('register.closed', { register: till.register.name })}</span>
        </p>
        <Button look="main" icon={<IconPrinter size={24} aria-hidden />} onClick={() => onPrint(step.closed)}>
          {t('register.print')}
        </Button>
        <ReportLines paper={step.closed} wording={wording} />
      </>
    );
  if (step === 'choose')
    return (
      <TillChoice
        sites={props.sites}
        registers={props.registers}
        current={till.register.id}
        userId={userId}
        wording={wording}
        onChoose={(id) => {
          props.onChoose(id);
          pos.show(null);
        }}
      />
    );
  if (session === null)
    return (
      <>
        {mayOperate && (
          <OpenRegister
            till={till}
            currency={currency}
            wording={wording}
            onOpened={() => void onChanged().then(() => pos.show(null))}
          />
        )}
        <Button icon={<IconCashRegister size={24} aria-hidden />} onClick={() => setStep('choose')}>
          {t('till.change')}
        </Button>
      </>
    );
  if (step === 'in' || step === 'out')
    return (
      <CashForm
        key={step}
        way={step}
        registerId={till.register.id}
        currency={currency}
        wording={wording}
        onBack={back}
      />
    );
  if (step === 'close')
    return (
      <CloseForm
        register={till.register}
        currency={currency}
        wording={wording}
        onBack={back}
        onClosed={(closed) => {
          setStep({ closed });
          void onChanged();
        }}
      />
    );
  return (
    <>
      <p className={list.note}>
        {session.openedBy.id === userId
          ? t('till.open_by_you', { time: format.clock(session.openedAt) })
          : t('till.elsewhere', { name: session.openedBy.name })}
      </p>
      {mayOperate && (
        <div className={classes.actions}>
          <Button icon={<IconArrowDownLeft size={24} aria-hidden />} onClick={() => setStep('in')}>
            {t('register.cash_in')}
          </Button>
          <Button icon={<IconArrowUpRight size={24} aria-hidden />} onClick={() => setStep('out')}>
            {t('register.cash_out')}
          </Button>
          <Button look="main" icon={<IconLock size={24} aria-hidden />} onClick={() => setStep('close')}>
            {t('register.close')}
          </Button>
          <Button icon={<IconCashRegister size={24} aria-hidden />} onClick={() => setStep('choose')}>
            {t('till.change')}
          </Button>
        </div>
      )}
      <XReport registerId={till.register.id} wording={wording} onPrint={onPrint} />
    </>
  );
}

function XReport(props: { registerId: string; wording: Wording; onPrint: (paper: Paper) => void }) {
  const { registerId, wording, onPrint } = props;
  const { t } = wording;
  const { asked } = useAsked(
    useCallback(async () => {
      const answer = await readReport(registerId);
      if (answer.kind !== 'ok') return answer;
      return { ...answer, value: { report: answer.value, takenAt: new Date().toISOString() } };
    }, [registerId]),
  );
  if (asked.kind === 'loading') return <div className={list.skeleton} aria-busy />;
  if (asked.kind === 'failed') return <ProblemNote problem={asked.problem} />;
  const paper: ReportPaper = { kind: 'report', ...asked.value, counted: null };
  return (
    <section className={classes.report}>
      <header className={classes.head}>
        <h3>{t('register.x')}</h3>
        <Button icon={<IconPrinter size={24} aria-hidden />} onClick={() => onPrint(paper)}>
          {t('register.print')}
        </Button>
      </header>
      <ReportLines paper={paper} wording={wording} />
    </section>
  );
}
