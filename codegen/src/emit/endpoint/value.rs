//! Expressions as Rust, each in the form that needs no needless copy or borrow.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use super::form::{
    Code, Form, as_ref, as_str, borrow, borrowed, call, copy, equality, fails, is_source, operand,
    own, own_option, reference,
};
use crate::emit::ident;
use crate::ir::endpoint::{Expr, Function, Node, Piece, Rules, Type};

/// Writes expressions.
pub(super) struct Values<'a> {
    pub(super) rules: &'a Rules,
    /// The forms of the local variables, by number.
    forms: Vec<Form>,
}

impl<'a> Values<'a> {
    pub(super) fn new(rules: &'a Rules) -> Self {
        let forms = vec![Form::Place; rules.variables.len()];
        Self { rules, forms }
    }

    /// The name of the variable, without `r#`.
    pub(super) fn name(&self, variable: usize) -> &str {
        let variable = self.rules.variables.get(variable);
        variable.map_or("value", |variable| &variable.name)
    }

    /// The name of the variable as an identifier.
    pub(super) fn local(&self, variable: usize) -> Ident {
        ident(self.name(variable))
    }

    /// Whether the variable is a reference already.
    pub(super) fn is_borrowed(&self, variable: usize) -> bool {
        self.forms.get(variable) == Some(&Form::Borrowed)
    }

    /// Names the variable in the form that binding `value` gives it.
    pub(super) fn bind(&mut self, variable: usize, form: Form) -> Ident {
        if let Some(slot) = self.forms.get_mut(variable) {
            *slot = if form == Form::Owned {
                Form::Place
            } else {
                form
            };
        }
        self.local(variable)
    }

    /// The value. One that can be missing ends the function or closure with `?`.
    pub(super) fn value(&self, expr: &Expr) -> Code {
        if expr.optional && is_source(expr) {
            let Code { tokens, form } = self.option(expr, false);
            let tokens = operand(expr, tokens);
            return Code {
                tokens: quote!(#tokens?),
                form,
            };
        }
        match &expr.node {
            Node::Text(text) => borrowed(quote!(#text)),
            Node::Boolean(value) => copy(quote!(#value)),
            Node::Integer(number) => {
                let number = Literal::i64_unsuffixed(*number);
                copy(quote!(#number))
            }
            Node::Parameter(place) => {
                let field = self.field(*place);
                let is_flag = expr.ty == Type::Boolean;
                let form = if is_flag { Form::Copy } else { Form::Place };
                Code {
                    tokens: quote!(params.#field),
                    form,
                }
            }
            Node::Variable(variable) => {
                let name = self.local(*variable);
                let form = self.forms.get(*variable).copied().unwrap_or(Form::Place);
                Code {
                    tokens: quote!(#name),
                    form,
                }
            }
            Node::Call(Function::Not, arguments) => copy(self.negation(arguments)),
            Node::Call(Function::IsSet, arguments) => {
                let presence = arguments.iter().map(|argument| self.presence(argument));
                copy(quote!(#(#presence.is_some())*))
            }
            Node::Call(Function::Coalesce, arguments) => self.coalesce(arguments),
            Node::Call(Function::Ite, arguments) => self.choice(arguments, false, false),
            Node::Template(_) | Node::Field(..) | Node::Item(..) | Node::Call(..) => {
                self.build(expr)
            }
        }
    }

    /// The value as an `Option`. When `lazy`, a missing part makes the whole missing; otherwise it
    /// ends the function or closure with `?`.
    pub(super) fn option(&self, expr: &Expr, lazy: bool) -> Code {
        match &expr.node {
            _ if !expr.optional => some(borrow(self.value(expr), expr.ty)),
            Node::Parameter(place) => {
                let field = self.field(*place);
                as_ref(quote!(params.#field), expr.ty)
            }
            Node::Variable(variable) => {
                let name = self.local(*variable);
                as_ref(quote!(found.#name), expr.ty)
            }
            Node::Call(Function::Coalesce, arguments) => self.first(arguments, expr.ty),
            Node::Call(Function::Ite, arguments) => self.choice(arguments, true, lazy),
            _ => {
                let built = self.build(expr);
                let built = if fails(expr) {
                    built
                } else {
                    some(borrow(built, expr.ty))
                };
                if lazy && expr.parts().iter().any(|part| part.optional) {
                    closed(built)
                } else {
                    built
                }
            }
        }
    }

    /// A string as an argument of type `&str`, or a list as one of type `&[String]`.
    pub(super) fn argument(&self, expr: &Expr) -> TokenStream {
        reference(self.value(expr))
    }

    /// What `is_some` and `is_none` are asked of.
    fn presence(&self, expr: &Expr) -> TokenStream {
        match &expr.node {
            Node::Parameter(place) => {
                let field = self.field(*place);
                quote!(params.#field)
            }
            Node::Variable(variable) => {
                let name = self.local(*variable);
                quote!(found.#name)
            }
            _ => operand(expr, self.option(expr, true).tokens),
        }
    }

    fn field(&self, parameter: usize) -> Ident {
        let parameter = self.rules.parameters.get(parameter);
        ident(parameter.map_or("value", |parameter| &parameter.field))
    }

    fn negation(&self, arguments: &[Expr]) -> TokenStream {
        let Some(argument) = arguments.first() else {
            return quote!(false);
        };
        match &argument.node {
            Node::Call(Function::IsSet, inner) => {
                let presence = inner.iter().map(|argument| self.presence(argument));
                quote!(#(#presence.is_none())*)
            }
            Node::Call(Function::StringEquals | Function::BooleanEquals, sides) => {
                equality(sides, sides.iter().map(|side| self.value(side)), false)
            }
            _ => {
                let value = operand(argument, self.value(argument).tokens);
                quote!(!#value)
            }
        }
    }

    /// The first value that is there, the last one in any case.
    fn coalesce(&self, arguments: &[Expr]) -> Code {
        let Some((last, others)) = arguments.split_last() else {
            return copy(quote!(None));
        };
        let ty = last.ty;
        let first = self.first(others, ty);
        let last = borrow(self.value(last), ty);
        let is_owned = first.form == Form::Owned || last.form == Form::Owned;
        let (first, last) = if is_owned {
            (own_option(first, ty), own(last, ty))
        } else {
            (first, last)
        };
        let (some, other) = (&first.tokens, &last.tokens);
        Code {
            tokens: quote!(#some.unwrap_or(#other)),
            form: last.form,
        }
    }

    /// The first of several optional values that is there.
    fn first(&self, arguments: &[Expr], ty: Type) -> Code {
        let options = arguments.iter().map(|argument| {
            let Code { tokens, form } = self.option(argument, true);
            Code {
                tokens: operand(argument, tokens),
                form,
            }
        });
        let mut options: Vec<Code> = options.collect();
        if options.iter().any(|option| option.form == Form::Owned) {
            options = options
                .into_iter()
                .map(|option| own_option(option, ty))
                .collect();
        }
        let form = options.first().map_or(Form::Copy, |option| option.form);
        let mut tokens = options.into_iter().map(|option| option.tokens);
        let head = tokens.next();
        Code {
            tokens: quote!(#head #(.or(#tokens))*),
            form,
        }
    }

    /// `ite`: the second or the third argument.
    fn choice(&self, arguments: &[Expr], is_option: bool, lazy: bool) -> Code {
        let [condition, yes, no] = arguments else {
            return copy(quote!(None));
        };
        let ty = yes.ty;
        let test = self.value(condition).tokens;
        let [mut yes, mut no] = [yes, no].map(|side| {
            if is_option {
                self.option(side, true)
            } else {
                borrow(self.value(side), ty)
            }
        });
        if yes.form == Form::Owned || no.form == Form::Owned {
            let own = if is_option { own_option } else { own };
            (yes, no) = (own(yes, ty), own(no, ty));
        }
        let form = yes.form;
        let (yes, no) = (yes.tokens, no.tokens);
        let tokens = quote!(if #test { #yes } else { #no });
        let chosen = Code { tokens, form };
        if lazy && condition.optional {
            closed(chosen)
        } else {
            chosen
        }
    }

    /// The expression over its parts; an `Option` where [`fails`] says so.
    fn build(&self, expr: &Expr) -> Code {
        let parts = expr.parts().into_iter().map(|part| self.value(part));
        let parts: Vec<Code> = parts.collect();
        match &expr.node {
            Node::Template(pieces) => self.format(pieces, parts),
            Node::Field(base, field) => {
                let name = format_ident!("{}", field.rust);
                let form = match (field.ty, base.ty, parts.first().map(|part| part.form)) {
                    (Type::Boolean, ..) => Form::Copy,
                    (_, Type::Partition, _) => Form::Borrowed,
                    (_, _, Some(Form::Owned)) => Form::Owned,
                    _ => Form::Place,
                };
                let base = parts.into_iter().map(|part| part.tokens);
                Code {
                    tokens: quote!(#(#base.#name)*),
                    form,
                }
            }
            Node::Item(_, index) => {
                let index = Literal::i64_unsuffixed(*index);
                let is_new = parts.iter().any(|part| part.form == Form::Owned);
                let list = parts.into_iter().map(reference);
                let item = borrowed(quote!(endpoint::get(#(#list,)* #index)));
                if is_new {
                    own_option(item, Type::String)
                } else {
                    item
                }
            }
            Node::Call(function, arguments) => call(*function, arguments, parts),
            Node::Text(_)
            | Node::Boolean(_)
            | Node::Integer(_)
            | Node::Parameter(_)
            | Node::Variable(_) => self.value(expr),
        }
    }

    /// The text that the pieces make: `format!` where all values are plain names, so that they can
    /// be in the text, and else the pieces in a row.
    pub(super) fn format(&self, pieces: &[Piece], values: Vec<Code>) -> Code {
        let name = |value: &Code| {
            let name = syn::parse2::<Ident>(value.tokens.clone()).ok()?.to_string();
            (!name.starts_with("r#")).then_some(name)
        };
        let names: Option<Vec<String>> = values.iter().map(name).collect();
        let tokens = if let Some(names) = names {
            let mut names = names.into_iter();
            let text: String = pieces
                .iter()
                .map(|piece| match piece {
                    Piece::Text(text) => text.replace('{', "{{").replace('}', "}}"),
                    Piece::Value(_) | Piece::Host(_) => {
                        format!("{{{}}}", names.next().unwrap_or_default())
                    }
                })
                .collect();
            quote!(format!(#text))
        } else {
            let mut values = values.into_iter();
            let parts = pieces.iter().map(|piece| match piece {
                Piece::Text(text) => quote!(#text),
                Piece::Value(_) | Piece::Host(_) => {
                    values.next().map_or_else(TokenStream::new, as_str)
                }
            });
            quote!([#(#parts),*].concat())
        };
        Code {
            tokens,
            form: Form::Owned,
        }
    }
}

fn some(value: Code) -> Code {
    let Code { tokens, form } = value;
    Code {
        tokens: quote!(Some(#tokens)),
        form,
    }
}

/// An `Option` with `?` in it, which ends the closure.
fn closed(option: Code) -> Code {
    let Code { tokens, form } = option;
    Code {
        tokens: quote!((|| #tokens)()),
        form,
    }
}
