import { VisuallyHidden } from '@mantine/core';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import type { Device, DeviceUser } from '../offline/device';
import { useDevice, useDeviceState } from '../offline/useDevice';
import { useScanner } from '../scan/useScanner';
import { CodeEntry } from './CodeEntry';
import { ConfirmBar } from './ConfirmBar';
import { DestinationCard } from './DestinationCard';
import { Flash } from '../scan/ScanStrip';
import { PalletList } from './PalletList';
import { Notices } from './Notices';
import classes from './Picking.module.css';
import { PickingSaid } from './PickingSaid';
import { QueueSheet } from './QueueSheet';
import { Receipt } from './Receipt';
import { StatusBar } from './StatusBar';
import { useWorkplace, type Workplace } from './useWorkplace';
import { WorkplaceChoice } from './WorkplaceChoice';
import { Picking } from './store';

/** PICK-01…03, UI-01, UI-02: one task on a full screen. Before the device is read only the frame is there. */
export function PickingScreen({ user, workplaces }: { user: DeviceUser; workplaces: readonly Workplace[] }) {
  const device = useDevice(user);
  return device ? <Working key={device.user.id} device={device} workplaces={workplaces} /> : <Frame />;
}

function Frame() {
  const { t } = useTranslation('picking');
  return (
    <div className={classes.screen} data-step="loading">
      <div className={classes.bar} />
      <main className={classes.main} aria-busy>
        <VisuallyHidden component="h1">{t('title')}</VisuallyHidden>
        <div className={classes.skeleton} />
        <div className={classes.skeleton} data-tall />
      </main>
    </div>
  );
}

function Working({ device, workplaces }: { device: Device; workplaces: readonly Workplace[] }) {
  const { t } = useTranslation('picking');
  const [picking] = useState(() => new Picking(device));
  const state = useSyncExternalStore(picking.subscribe, picking.snapshot, picking.snapshot);
  const deviceState = useDeviceState(device);
  // One thing at a time lies over the screen, and a scan takes it away: what it came to is to be seen.
  const [over, setOver] = useState<'queue' | 'chambers' | 'menu' | null>(null);
  const [workplace, setWorkplace] = useWorkplace(device.user, workplaces);
  useEffect(() => picking.start(), [picking]);
  useEffect(() => picking.workAt(workplace), [picking, workplace]);
  useScanner((scan) => {
    setOver(null);
    picking.scan(scan);
  });
  const { draft, receipt } = state;
  const step = receipt ? 'receipt' : draft.destination ? 'pallets' : 'destination';
  return (
    <div className={classes.screen} data-step={step}>
      <Flash said={state.said} />
      <StatusBar
        device={device}
        state={deviceState}
        onOpenQueue={() => setOver('queue')}
        menuOpened={over === 'menu'}
        onMenu={(opened) => setOver(opened ? 'menu' : null)}
      >
        {workplaces.length > 0 && (
          <WorkplaceChoice workplaces={workplaces} current={workplace} onChoose={setWorkplace} />
        )}
      </StatusBar>
      <main className={classes.main}>
        <VisuallyHidden component="h1">{t('title')}</VisuallyHidden>
        <Notices device={device} state={deviceState} confirming={state.confirming} />
        {receipt ? (
          <Receipt receipt={receipt} picking={picking} device={device} state={deviceState} />
        ) : (
          <>
            <section className={classes.side}>
              <DestinationCard
                draft={draft}
                locations={deviceState.locations}
                recent={state.recent}
                choosing={over === 'chambers'}
                onChoosing={(choosing) => setOver(choosing ? 'chambers' : null)}
                onChoose={(location) => picking.choose(location)}
              />
              <PickingSaid said={state.said} step={step === 'destination' ? 'destination' : 'pallets'} />
              <CodeEntry
                step={step === 'destination' ? 'destination' : 'pallets'}
                onCode={(code) => picking.scan({ text: code, physical: code }, true)}
              />
              {step === 'destination' && workplaces.length > 0 && workplace === null && (
                <WorkplaceChoice workplaces={workplaces} current={null} onChoose={setWorkplace} asking />
              )}
            </section>
            <PalletList draft={draft} onRemove={(code) => picking.remove(code)} />
          </>
        )}
      </main>
      {!receipt && (
        <ConfirmBar
          draft={draft}
          confirming={state.confirming}
          onConfirm={() => void picking.confirm()}
          onUndo={() => picking.undo()}
        />
      )}
      <QueueSheet device={device} state={deviceState} opened={over === 'queue'} onClose={() => setOver(null)} />
    </div>
  );
}
