//! Walking the pages of an operation with `@paginated`.

use std::collections::VecDeque;
use std::fmt;

use crate::client::Client;
use crate::error::Error;
use crate::operation::Operation;

/// An operation whose answer comes in pages. Generated crates implement it.
pub trait Paginated: Operation + Clone + fmt::Debug {
    /// What a response gives for the next page and the next request takes.
    type Token: PartialEq + Clone + fmt::Debug + Send;

    /// Asks for the page behind `token`.
    fn set_token(&mut self, token: Self::Token);

    /// The token of the page after `output`; `None` when it was the last.
    fn next_token(output: &Self::Output) -> Option<Self::Token>;
}

/// A paginated operation whose pages hold items.
pub trait PaginatedItems: Paginated {
    /// One item.
    type Item: fmt::Debug + Send;

    /// The items of a page, in order.
    fn into_items(output: Self::Output) -> Vec<Self::Item>;
}

/// The pages of one request, asked for one after the other.
///
/// The walk ends after the last page, after an error, and when the service gives a token that it
/// gave before, which would have no end.
#[derive(Debug)]
#[must_use = "nothing is asked for before `next`"]
pub struct Pages<O: Paginated> {
    client: Client,
    /// The request for the next page; `None` once the walk has ended.
    request: Option<O>,
    seen: Seen<O::Token>,
}

impl<O: Paginated> Pages<O> {
    /// Begins a walk at the page that `request` asks for.
    pub fn new(client: Client, request: O) -> Self {
        Self {
            client,
            request: Some(request),
            seen: Seen::default(),
        }
    }

    /// Asks for the next page; `None` after the last.
    ///
    /// Dropping the future cancels the call and leaves the walk where it was.
    ///
    /// # Errors
    ///
    /// As [`Client::send`]. The walk ends with the first error.
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

    /// Walks the items of all pages instead.
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

/// Notices that tokens go round in a circle, of whatever length, by remembering two of them: the
/// last one, and one that is replaced after 1, 2, 4, ... pages (Brent's algorithm).
#[derive(Debug)]
struct Seen<T> {
    last: Option<T>,
    mark: Option<T>,
    /// Tokens since the mark was set, and how many there may be before it is set anew.
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
    /// Whether the token is one of those remembered; it is remembered from now on.
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

/// The items of all pages of one request.
#[derive(Debug)]
#[must_use = "nothing is asked for before `next`"]
pub struct Items<O: PaginatedItems> {
    pages: Pages<O>,
    ready: VecDeque<O::Item>,
}

impl<O: PaginatedItems> Items<O> {
    /// The next item, asking for a page when the last one is used up; `None` after the last.
    ///
    /// # Errors
    ///
    /// As [`Pages::next`].
    pub async fn next(&mut self) -> Option<Result<O::Item, Error<O::Error>>> {
        // A page may be empty and not the last.
        while self.ready.is_empty() {
            match self.pages.next().await? {
                Ok(page) => self.ready.extend(O::into_items(page)),
                Err(error) => return Some(Err(error)),
            }
        }
        self.ready.pop_front().map(Ok)
    }

    /// All that are left.
    ///
    /// # Errors
    ///
    /// As [`Pages::next`]; what came before the error is lost.
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
