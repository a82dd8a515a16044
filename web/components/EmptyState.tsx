import { Stack, Text, Title } from '@mantine/core';
import type { TablerIcon } from '@tabler/icons-react';
import type { ReactNode } from 'react';

/** What will appear here, and how to make it so. */
export function EmptyState(props: { icon: TablerIcon; title: string; text: string; action?: ReactNode }) {
  const { icon: Icon, title, text, action } = props;
  return (
    <Stack align="center" gap="sm" py={56} px="md">
      <Icon size={48} stroke={1.4} aria-hidden color="var(--nv-muted)" />
      <Title order={2} fz={20} ta="center">
        {title}
      </Title>
      <Text ta="center" c="dimmed" maw={440}>
        {text}
      </Text>
      {action}
    </Stack>
  );
}
