import { useEffect, useRef } from 'react';
import { paymentMethods } from '../../domain/till';
import { keys, methodKeys } from './key-names';
import { quantityFrom } from './reading';
import type { Over, Pos } from './store';

const sheets: Readonly<Record<string, Exclude<Over, null | 'quantity' | 'price' | 'pay'>>> = {
  F1: 'keys',
  F2: 'search',
  F6: 'park',
  F7: 'tickets',
  F8: 'sales',
  F9: 'register',
};

const takesText = (target: EventTarget | null): boolean =>
  target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;

/**
 * The till by keyboard alone. Function keys are heard everywhere; the others only where nothing else takes keys. The scanner's
 * own keys do not come here (scan/useScanner.ts).
 */
export function useKeys(pos: Pos): void {
  /** «3» before «*». */
  const figures = useRef('');
  useEffect(() => {
    const functionKey = (key: string): boolean => {
      const { over, done, sending } = pos.snapshot();
      if (over === 'pay') {
        const method = paymentMethods.find((one) => methodKeys[one] === key);
        if (method) pos.choose(method);
        else if (key === keys.charge) void pos.submit();
        else return false;
        return true;
      }
      if (key === keys.charge) pos.command('confirm');
      else if (done && key === keys.print) pos.print();
      else if (sending !== 'no') return false;
      else if (key === keys.quantity) pos.change('quantity');
      else if (key === keys.price) pos.change('price');
      else if (sheets[key]) pos.show(over === sheets[key] ? null : sheets[key]);
      else return false;
      return true;
    };
    const plainKey = (event: KeyboardEvent): boolean => {
      const { key } = event;
      if (/^[\d.,]$/.test(key)) {
        figures.current += key;
        return false;
      }
      const typed = figures.current;
      figures.current = '';
      switch (key) {
        case '*':
          pos.setTimes(quantityFrom(typed));
          return true;
        case '+':
          pos.step(1);
          return true;
        case '-':
          pos.step(-1);
          return true;
        case 'ArrowUp':
          pos.selectNext(-1);
          return true;
        case 'ArrowDown':
          pos.selectNext(1);
          return true;
        case 'Delete':
          pos.remove();
          return true;
        case '/':
          pos.show('search');
          return true;
        case 'Escape':
          pos.setTimes(null);
          return false;
        case 'Enter':
          return enter();
        default:
          return false;
      }
    };
    /** «3*» and Enter: so many of the line that is chosen. */
    const enter = (): boolean => {
      const { times } = pos.snapshot();
      if (times === null) return false;
      pos.scan({ text: `${times / 1000}*`, physical: '' });
      return true;
    };
    const onKey = (event: KeyboardEvent): void => {
      if (event.isComposing || event.defaultPrevented) return;
      if (event.ctrlKey || event.metaKey) {
        if (event.key.toLowerCase() !== 'z' || takesText(event.target) || pos.snapshot().over !== null) return;
        pos.undo();
        return event.preventDefault();
      }
      if (event.altKey) return;
      if (/^F\d{1,2}$/.test(event.key)) {
        if (functionKey(event.key)) event.preventDefault();
        return;
      }
      const { over, done, sending } = pos.snapshot();
      // A sheet that is on its way out still has the focus: its field takes nothing any more.
      const leaving =
        over === null && event.target instanceof Element && event.target.closest('[role=dialog]') !== null;
      if ((takesText(event.target) && !leaving) || over !== null) return;
      if (done || sending !== 'no') {
        // The large button has the focus; when it lost it, Enter still means it.
        if (event.key !== 'Enter' || event.target !== document.body) return;
        pos.command('confirm');
        return event.preventDefault();
      }
      if (plainKey(event)) event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [pos]);
}
