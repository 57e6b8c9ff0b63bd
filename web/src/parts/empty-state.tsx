import type { ReactNode } from 'react';

interface Props {
  icon: ReactNode;
  title: string;
  children: ReactNode;
  /** What to do next: a button or a link. */
  action?: ReactNode;
}

/** Where there is nothing yet: says why, and what makes something appear. */
export function EmptyState({ icon, title, children, action }: Props) {
  return (
    <div className="empty">
      <span className="empty-icon" aria-hidden="true">
        {icon}
      </span>
      <h2>{title}</h2>
      <div className="quiet">{children}</div>
      {action && <div className="row wrap empty-action">{action}</div>}
    </div>
  );
}
