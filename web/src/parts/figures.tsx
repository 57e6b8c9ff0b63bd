import type { ReactNode } from 'react';
import './figures.css';

/** Numbers side by side. */
export function Figures({ children }: { children: ReactNode }) {
  return <div className="figures">{children}</div>;
}

export function Figure({ label, value, about }: { label: string; value: string; about: ReactNode }) {
  return (
    <div className="figure">
      <div className="quiet small">{label}</div>
      <div className="figure-value numbers">{value}</div>
      <div className="quiet small numbers">{about}</div>
    </div>
  );
}
