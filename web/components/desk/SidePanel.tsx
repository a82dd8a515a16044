import { Drawer } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

/** A form or filters beside the screen: from the right on the desk, from below or over all of it on a phone. */
export function SidePanel(props: {
  opened: boolean;
  onClose(): void;
  title: string;
  low?: boolean;
  /** Room for a table. */
  wide?: boolean;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  const phone = useMediaQuery('(max-width: 48em)') ?? false;
  const low = props.low === true;
  return (
    <Drawer.Root
      opened={props.opened}
      onClose={props.onClose}
      position={low ? 'bottom' : 'right'}
      size={low ? 'auto' : phone ? '100%' : props.wide === true ? 'xl' : 'md'}
    >
      <Drawer.Overlay />
      <Drawer.Content bg="var(--nv-surface)" radius={low ? 'lg' : 0}>
        {/* A header element here would be a second banner of the page. */}
        <Drawer.Header {...{ component: 'div' }} bg="var(--nv-surface)">
          <Drawer.Title fz={20} fw={650}>
            {props.title}
          </Drawer.Title>
          <Drawer.CloseButton aria-label={t('close')} size="lg" />
        </Drawer.Header>
        <Drawer.Body>{props.children}</Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}
