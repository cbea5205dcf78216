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
/// The walk ends after the last page, after an error, and when the service gives the token that
/// led to the page again.
#[derive(Debug)]
#[must_use = "nothing is asked for before `next`"]
pub struct Pages<O: Paginated> {
    client: Client,
    /// `None` once the walk has ended.
    request: Option<O>,
    token: Option<O::Token>,
}

impl<O: Paginated> Pages<O> {
    /// Begins a walk at the page that `request` asks for.
    pub fn new(client: Client, request: O) -> Self {
        Self {
            client,
            request: Some(request),
            token: None,
        }
    }

    /// Asks for the next page; `None` after the last.
    ///
    /// # Errors
    ///
    /// As [`Client::send`]. The walk ends with the first error.
    pub async fn next(&mut self) -> Option<Result<O::Output, Error<O::Error>>> {
        let mut request = self.request.take()?;
        let output = match self.client.send(request.clone()).await {
            Ok(response) => response.output,
            Err(error) => return Some(Err(error)),
        };
        let token = O::next_token(&output).filter(|token| self.token.as_ref() != Some(token));
        if let Some(token) = token {
            request.set_token(token.clone());
            self.token = Some(token);
            self.request = Some(request);
        }
        Some(Ok(output))
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
