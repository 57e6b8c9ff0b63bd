import { Component, type ReactNode } from 'react';
import { ProblemNote } from './problem-note.js';

/** Keeps a fault on one page from taking the others along. */
export class FaultBoundary extends Component<{ children: ReactNode }, { error: Error | null }> {
  override state = { error: null as Error | null };

  static getDerivedStateFromError(error: unknown): { error: Error } {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render(): ReactNode {
    if (this.state.error === null) return this.props.children;
    return <ProblemNote error={this.state.error} retry={() => this.setState({ error: null })} />;
  }
}
