import { Drawer } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './Sheet.module.css';

/** What lies over the cart: from below on a phone, from the side where there is room. */
export function Sheet(props: {
  opened: boolean;
  onClose: () => void;
  title: string;
  size?: number;
  children: ReactNode;
}) {
  const { opened, onClose, title, size = 520, children } = props;
  const { t } = useTranslation();
  const wide = useMediaQuery('(min-width: 48em)', true, { getInitialValueInEffect: false });
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      position={wide ? 'right' : 'bottom'}
      size={wide ? size : '94%'}
      title={title}
      classNames={{
        content: classes.sheet,
        title: classes.title,
        header: classes.header,
        body: classes.body,
      }}
      transitionProps={{ duration: 120 }}
      closeButtonProps={{ 'aria-label': t('close'), size: 56, iconSize: 28 }}
    >
      {children}
    </Drawer>
  );
}
