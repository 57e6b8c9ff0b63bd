import { useEffect, type ReactNode } from 'react';
import { Link } from 'wouter';
import { visible } from '../text/untrusted.js';

interface Props {
  title: ReactNode;
  /** What the browser's tab says; needed when the title is more than words. */
  name: string;
  back?: { href: string; label: string };
  actions?: ReactNode;
  /** A line below the title. */
  about?: ReactNode;
  children: ReactNode;
}

/** The frame of every page: title, actions, content. */
export function Page({ title, name, back, actions, about, children }: Props) {
  useEffect(() => {
    document.title = `${visible(name)} · Posthorn`;
  }, [name]);
  return (
    <>
      <header className="page-head">
        {back && (
          <Link href={back.href} className="page-back small">
            ← {back.label}
          </Link>
        )}
        <div className="row wrap page-title">
          <h1 className="break" tabIndex={-1}>
            {title}
          </h1>
          {actions && <div className="row wrap push">{actions}</div>}
        </div>
        {about && <div className="quiet page-about">{about}</div>}
      </header>
      {children}
    </>
  );
}

/** A titled box on a page. */
export function Panel({
  title,
  actions,
  children,
  flush = false,
}: {
  title?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  /** The content reaches the border. */
  flush?: boolean;
}) {
  return (
    <section className="panel">
      {title !== undefined && (
        <header className="row wrap panel-head">
          <h2>{title}</h2>
          {actions && <div className="row push">{actions}</div>}
        </header>
      )}
      <div className={flush ? undefined : 'panel-body'}>{children}</div>
    </section>
  );
}

/** Names and values, one pair a line. */
export function Facts({ of }: { of: [name: string, value: ReactNode][] }) {
  return (
    <dl className="facts">
      {of.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
