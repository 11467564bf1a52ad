//! Many futures, some at a time.

use std::pin::Pin;

use futures_util::StreamExt as _;
use futures_util::stream;

/// A future on the heap.
pub(crate) type Boxed<'f, T> = Pin<Box<dyn Future<Output = T> + Send + 'f>>;

/// How many calls of one kind are on their way for a page at most.
pub(crate) const CALLS: usize = 16;
/// How many kinds of calls are on their way for a page at most.
pub(crate) const KINDS: usize = 4;

/// What all of them come to, in their order, `at_once` at a time.
pub(crate) async fn all<T: Send>(futures: Vec<Boxed<'_, T>>, at_once: usize) -> Vec<T> {
    stream::iter(futures).buffered(at_once).collect().await
}
