/**
 * A transaction in which nothing can be published: it is not open, not on Posthorn's database, or not a transaction.
 * A fault of the calling code, so no `PosthornError`: to an HTTP caller it is an internal error.
 */
export class TransactionRefused extends Error {
  override readonly name = 'TransactionRefused';
  /** Stable, as the codes of `PosthornError` are. */
  readonly code = 'transaction_refused';
}
