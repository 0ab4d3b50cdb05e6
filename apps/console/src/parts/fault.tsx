import { Component, type ReactNode } from 'react';
import { Trouble } from './answer.js';

/** A page that breaks leaves the rest of the console standing. */
export class Fault extends Component<{ readonly children: ReactNode }, { readonly error: Error | null }> {
  override state = { error: null };

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override render() {
    const { error } = this.state;
    return error === null ? this.props.children : <Trouble error={error} again={() => this.setState({ error: null })} />;
  }
}
