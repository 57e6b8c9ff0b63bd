import type { ReactNode } from 'react';

/** A part of the form: what it is about beside its fields. */
export function Section({ title, about, children }: { title: string; about: string; children: ReactNode }) {
  return (
    <section className="editor-section">
      <div>
        <h2>{title}</h2>
        <p className="quiet small flat">{about}</p>
      </div>
      <div className="stack">{children}</div>
    </section>
  );
}
