/** The mark: a nerve that branches to several places. Takes the colour of the text. */
export function Mark({ size = 32 }: { size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 64 64"
      aria-hidden
      fill="none"
      stroke="currentColor"
      strokeWidth="6"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d="M16 50V16l32 32V14" />
      <circle cx="16" cy="50" r="5" fill="currentColor" stroke="none" />
      <circle cx="48" cy="14" r="5" fill="currentColor" stroke="none" />
    </svg>
  );
}
