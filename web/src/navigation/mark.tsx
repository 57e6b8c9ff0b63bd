/** Posthorn's sign. */
export function Mark({ size = 22 }: { size?: number }) {
  return (
    <svg
      className="mark"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <circle cx="11.500" cy="13.500" r="5.500" />
      <path d="M6 13.500H2.500M11.500 8H17.500L21.500 4.500V15L17.500 11.500H14" />
    </svg>
  );
}
