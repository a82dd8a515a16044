import { VisuallyHidden } from '@mantine/core';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import type { Device, DeviceUser } from '../offline/device';
import { useDevice, useDeviceState } from '../offline/useDevice';
import { useScanner } from '../scan/useScanner';
import { CodeEntry } from './CodeEntry';
import { ConfirmBar } from './ConfirmBar';
import { DestinationCard } from './DestinationCard';
import { Flash, ScanStrip } from './ScanStrip';
import { PalletList } from './PalletList';
import { Notices } from './Notices';
import classes from './Picking.module.css';
import { QueueSheet } from './QueueSheet';
import { Receipt } from './Receipt';
import { StatusBar } from './StatusBar';
import { Picking } from './store';

/** PICK-01…03, UI-01, UI-02: one task on a full screen. Before the device is read only the frame is there. */
export function PickingScreen({ user }: { user: DeviceUser }) {
  const device = useDevice(user);
  return device ? <Working key={device.user.id} device={device} /> : <Frame />;
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

function Working({ device }: { device: Device }) {
  const { t } = useTranslation('picking');
  const [picking] = useState(() => new Picking(device));
  const state = useSyncExternalStore(picking.subscribe, picking.snapshot, picking.snapshot);
  const deviceState = useDeviceState(device);
  const [queueOpen, setQueueOpen] = useState(false);
  useEffect(() => picking.start(), [picking]);
  useScanner((scan) => {
    setQueueOpen(false);
    picking.scan(scan);
  });
  const { draft, receipt } = state;
  const step = receipt ? 'receipt' : draft.destination ? 'pallets' : 'destination';
  return (
    <div className={classes.screen} data-step={step}>
      <Flash said={state.said} />
      <StatusBar device={device} state={deviceState} onOpenQueue={() => setQueueOpen(true)} />
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
                onChoose={(location) => picking.choose(location)}
              />
              <ScanStrip said={state.said} step={step === 'destination' ? 'destination' : 'pallets'} />
              <CodeEntry
                step={step === 'destination' ? 'destination' : 'pallets'}
                onCode={(code) => picking.scan({ text: code, physical: code }, true)}
              />
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
      <QueueSheet device={device} state={deviceState} opened={queueOpen} onClose={() => setQueueOpen(false)} />
    </div>
  );
}
