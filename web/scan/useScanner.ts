import { useIsomorphicEffect } from '@mantine/hooks';
import { useRef } from 'react';
import { type Key, type Scan, ScanBuffer, silenceMs } from './scanner';

function editable(target: EventTarget | null): target is HTMLInputElement | HTMLTextAreaElement {
  if (target instanceof HTMLTextAreaElement) return !target.readOnly && !target.disabled;
  return (
    target instanceof HTMLInputElement &&
    !target.readOnly &&
    !target.disabled &&
    /^(text|search|password|email|number|tel|url)$/.test(target.type)
  );
}

function toKey(event: KeyboardEvent): Key {
  const altGraph = event.getModifierState('AltGraph');
  return {
    key: event.key,
    code: event.code,
    timeStamp: event.timeStamp,
    shift: event.shiftKey,
    capsLock: event.getModifierState('CapsLock'),
    shortcut: !altGraph && (event.ctrlKey || event.altKey || event.metaKey),
    repeat: event.repeat,
    editable: editable(event.target),
  };
}

/** React listens to the native setter: this is how a value set from outside reaches a controlled field. */
function setFieldValue(field: HTMLInputElement | HTMLTextAreaElement, value: string): void {
  const prototype = field instanceof HTMLInputElement ? HTMLInputElement.prototype : HTMLTextAreaElement.prototype;
  Object.getOwnPropertyDescriptor(prototype, 'value')?.set?.call(field, value);
  field.dispatchEvent(new Event('input', { bubbles: true }));
}

/**
 * Hears the hardware scanner whatever has the focus, on the whole page, as long as the component is mounted. Codes that
 * arrive by paste (some scanners do that) are scans too when no field takes them.
 */
export function useScanner(onScan: (scan: Scan) => void): void {
  const handler = useRef(onScan);
  handler.current = onScan;
  // From the moment the screen is there, not a moment later: a scan is never lost.
  useIsomorphicEffect(() => {
    const buffer = new ScanBuffer();
    /** The field's value before each key of the run, to be restored when the run turns out to be a scan. */
    let fields: { element: HTMLInputElement | HTMLTextAreaElement; value: string }[] = [];
    let silence: number | undefined;
    const onSilence = (): void => {
      const scan = buffer.silence(performance.now());
      if (scan) handler.current(scan);
    };
    const onKey = (event: KeyboardEvent): void => {
      if (event.isComposing) return;
      window.clearTimeout(silence);
      silence = window.setTimeout(onSilence, silenceMs + 10);
      const { swallow, index, scan, restoreTo } = buffer.key(toKey(event));
      if (index === 0) fields = [];
      if (index !== undefined && editable(event.target))
        fields[index] = { element: event.target, value: event.target.value };
      if (swallow) {
        event.preventDefault();
        event.stopImmediatePropagation();
      }
      if (!scan) return;
      const field = restoreTo === undefined ? undefined : fields[restoreTo];
      if (field?.element === event.target) setFieldValue(field.element, field.value);
      handler.current(scan);
    };
    const onPaste = (event: ClipboardEvent): void => {
      const text = event.clipboardData?.getData('text').trim() ?? '';
      if (text === '' || text.length > 128 || editable(event.target)) return;
      event.preventDefault();
      for (const code of text.split(/[\r\n\t]+/).filter(Boolean)) handler.current({ text: code, physical: code });
    };
    window.addEventListener('keydown', onKey, { capture: true });
    window.addEventListener('paste', onPaste);
    return () => {
      window.clearTimeout(silence);
      window.removeEventListener('keydown', onKey, { capture: true });
      window.removeEventListener('paste', onPaste);
    };
  }, []);
}
