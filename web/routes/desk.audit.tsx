import { IconListDetails } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '../components/EmptyState';

export default function Audit() {
  const { t } = useTranslation('desk');
  return <EmptyState icon={IconListDetails} title={t('empty')} text="" />;
}
