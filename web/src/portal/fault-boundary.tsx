import { Component, type ReactNode } from 'react';
import { WordsContext } from './language.js';

/** A fault of this program's, in words; the rest of the page stays. */
export class FaultBoundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  static override contextType = WordsContext;
  declare context: React.ContextType<typeof WordsContext>;
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    if (!this.state.failed) return this.props.children;
    return (
      <p role="alert" className="note note-bad">
        {this.context.text('error.page')}
      </p>
    );
  }
}
