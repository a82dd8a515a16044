/** The first field that is wrong, after the next paint, when the fields know it. */
export function focusFirst(form: HTMLElement): void {
  requestAnimationFrame(() => form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
}
