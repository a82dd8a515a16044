import {
  IconAlertTriangle,
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

type What = ImportView['state'] | 'needs_attention';

const marks: Record<What, { icon: TablerIcon; tone?: 'good' | 'info' | 'bad' }> = {
  previewed: { icon: IconEye, tone: 'info' },
  applying: { icon: IconRefresh, tone: 'info' },
  applied: { icon: IconCircleCheck, tone: 'good' },
  undoing: { icon: IconArrowBackUp, tone: 'info' },
  undone: { icon: IconArrowBackUp },
  cancelled: { icon: IconSlash },
  needs_attention: { icon: IconAlertTriangle, tone: 'bad' },
};

/** What has become of a file; work that has stopped is no work under way. */
export const importStateOf = ({ state, needsAttention }: Pick<ImportView, 'state' | 'needsAttention'>): What =>
  needsAttention ? 'needs_attention' : state;

/** The same as icon, colour and word. */
export function ImportMark({ file }: { file: ImportView }) {
  const { t } = useTranslation('products');
  const state = importStateOf(file);
  const { icon: Icon, tone } = marks[state];
  return (
    <span className={table.mark} data-tone={tone}>
      <Icon size={17} stroke={2.1} aria-hidden /> {t(`imports.state.${state}`)}
    </span>
  );
}
