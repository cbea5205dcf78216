//! Paginators.

use std::collections::VecDeque;
use std::fmt;

use crate::client::Client;
use crate::error::Error;
use crate::operation::Operation;

/// A paginated operation. Generated crates implement it.
pub trait Paginated: Operation + Clone + fmt::Debug {
    /// The token that a response contains and the next request takes.
    type Token: PartialEq + Clone + fmt::Debug + Send;

    /// Sets the token of the page to request.
    fn set_token(&mut self, token: Self::Token);

    /// Returns the token of the page after `output`, or `None` if it was the last page.
    fn next_token(output: &Self::Output) -> Option<Self::Token>;
}

/// A paginated operation whose pages contain items.
pub trait PaginatedItems: Paginated {
    /// The type of an item.
    type Item: fmt::Debug + Send;

    /// Returns the items of a page, in order.
    fn into_items(output: Self::Output) -> Vec<Self::Item>;
}

/// A paginator: returns the pages of a request one after the other.
///
/// It ends after the last page, after an error, and if the service repeats a token, to avoid an
/// endless loop.
#[derive(Debug)]
#[must_use = "a paginator does nothing until `next` is called"]
pub struct Pages<O: Paginated> {
    client: Client,
    /// The request for the next page; `None` at the end.
    request: Option<O>,
    seen: Seen<O::Token>,
}

impl<O: Paginated> Pages<O> {
    /// Creates a paginator that starts with the page of `request`.
    pub fn new(client: Client, request: O) -> Self {
        Self {
            client,
            request: Some(request),
            seen: Seen::default(),
        }
    }

    /// Requests the next page. Returns `None` after the last page.
    ///
    /// Dropping the future cancels the call. The next call of `next` requests the same page.
    ///
    /// # Errors
    ///
    /// Same as [`Client::send`]. The paginator ends with the first error.
    pub async fn next(&mut self) -> Option<Result<O::Output, Error<O::Error>>> {
        let request = self.request.clone()?;
        let result = self.client.send(request).await;
        let token = result
            .as_ref()
            .ok()
            .and_then(|page| O::next_token(&page.output));
        match (token, &mut self.request) {
            (Some(token), Some(request)) if !self.seen.before(&token) => request.set_token(token),
            _ => self.request = None,
        }
        Some(result.map(|page| page.output))
    }

    /// Returns an iterator over the items of all pages.
    pub fn items(self) -> Items<O>
    where
        O: PaginatedItems,
    {
        Items {
            pages: self,
            ready: VecDeque::new(),
        }
    }
}

/// Detects a cycle of tokens of any length by keeping two of them: the last one, and one that is
/// replaced after 1, 2, 4, ... pages (Brent's algorithm).
#[derive(Debug)]
struct Seen<T> {
    last: Option<T>,
    mark: Option<T>,
    /// The number of tokens since the mark was set, and the number after which it is replaced.
    since: u64,
    span: u64,
}

impl<T> Default for Seen<T> {
    fn default() -> Self {
        Self {
            last: None,
            mark: None,
            since: 0,
            span: 1,
        }
    }
}

impl<T: PartialEq + Clone> Seen<T> {
    /// Returns whether the token is one of the kept tokens, and keeps it.
    fn before(&mut self, token: &T) -> bool {
        if self.last.as_ref() == Some(token) || self.mark.as_ref() == Some(token) {
            return true;
        }
        self.since += 1;
        if self.since >= self.span {
            self.mark = Some(token.clone());
            self.since = 0;
            self.span = self.span.saturating_mul(2);
        }
        self.last = Some(token.clone());
        false
    }
}

/// The items of all pages of a request.
#[derive(Debug)]
#[must_use = "a paginator does nothing until `next` is called"]
pub struct Items<O: PaginatedItems> {
    pages: Pages<O>,
    ready: VecDeque<O::Item>,
}

impl<O: PaginatedItems> Items<O> {
    /// Returns the next item, requesting the next page if needed, or `None` after the last item.
    ///
    /// # Errors
    ///
    /// Same as [`Pages::next`].
    pub async fn next(&mut self) -> Option<Result<O::Item, Error<O::Error>>> {
        // An empty page need not be the last.
        while self.ready.is_empty() {
            match self.pages.next().await? {
                Ok(page) => self.ready.extend(O::into_items(page)),
                Err(error) => return Some(Err(error)),
            }
        }
        self.ready.pop_front().map(Ok)
    }

    /// Returns all remaining items.
    ///
    /// # Errors
    ///
    /// Same as [`Pages::next`]. Items before the error are lost.
    pub async fn collect(mut self) -> Result<Vec<O::Item>, Error<O::Error>> {
        let mut all = Vec::new();
        while let Some(item) = self.next().await {
            all.push(item?);
        }
        Ok(all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_circle_of_any_length_is_noticed_within_three_rounds() {
        for lead in [0u32, 1, 5, 100] {
            for length in [1, 2, 3, 7, 64, 1000] {
                let mut seen = Seen::default();
                let mut tokens = (0..lead).chain((0..).map(|i| lead + i % length));
                let steps = tokens.position(|token| seen.before(&token)).unwrap();
                let (lead, length) = (lead as usize, length as usize);
                assert!(steps >= lead + length, "{lead} {length}: {steps}");
                assert!(
                    steps <= 2 * (lead + length) + length,
                    "{lead} {length}: {steps}"
                );
            }
        }
    }

    #[test]
    fn the_same_token_twice_is_noticed_at_once() {
        let mut seen = Seen::default();
        let repeated = [1, 2, 3, 4, 5, 6, 7, 7];
        assert_eq!(
            repeated.iter().position(|token| seen.before(token)),
            Some(7)
        );
    }
}
