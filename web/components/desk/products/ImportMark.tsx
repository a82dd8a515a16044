import {
  IconArrowBackUp,
  IconCircleCheck,
  IconEye,
  IconRefresh,
  IconSlash,
  type TablerIcon,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ImportView } from '../../../../api/imports/schemas';
import table from '../DataTable.module.css';

const marks: Record<ImportView['state'], { icon: TablerIcon; tone?: 'good' | 'info' }> = {
  previewed: { icon: IconEye, tone: 'info' },
  applying: { icon: IconRefresh, tone: 'info' },
  applied: { icon: IconCircleCheck, tone: 'good' },
  undoing: { icon: IconArrowBackUp, tone: 'info' },
  undone: { icon: IconArrowBackUp },
  cancelled: { icon: IconSlash },
};

/** What has become of a file: icon, colour and word. */
export function ImportMark({ state }: { state: ImportView['state'] }) {
  const { t } = useTranslation('products');
  const { icon: Icon, tone } = marks[state];
  return (
    <span className={table.mark} data-tone={tone}>
      <Icon size={17} stroke={2.1} aria-hidden /> {t(`imports.state.${state}`)}
    </span>
  );
}
