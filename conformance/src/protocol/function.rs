//! One test function per case.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use tinsmith_codegen::emit::expression::{self, Style};
use tinsmith_codegen::emit::ident;
use tinsmith_codegen::ir::{
    self, ErrorShape, Fault, Operation, Protocol, Scalar, Service, StructureValue, Value,
};
use tinsmith_codegen::lower::value::{Reading, Values};
use tinsmith_smithy::ast::ShapeId;

use super::case::{RequestCase, ResponseCase};

/// Makes the test functions of one service.
pub(super) struct Functions<'s> {
    service: &'s Service,
    values: Values<'s>,
}

impl<'s> Functions<'s> {
    pub(super) fn of(service: &'s Service) -> Self {
        Self {
            service,
            values: Values::new(ir::index(&service.types), Reading::Exact),
        }
    }

    pub(super) fn protocol(&self) -> Protocol {
        self.service.protocol
    }

    /// `None` when the crate does not have the operation.
    fn operation(&self, id: &ShapeId) -> Option<&'s Operation> {
        let mut operations = self.service.operations.iter();
        operations.find(|operation| operation.wire_name == id.name())
    }

    /// The test of a request.
    pub(super) fn request(
        &self,
        id: &ShapeId,
        case: &RequestCase<'_>,
    ) -> Result<Option<TokenStream>, String> {
        let Some(operation) = self.operation(id) else {
            return Ok(None);
        };
        let name = ident(case.id);
        let of_case = |fault| format!("test {}: {fault}", case.id);
        let request = self.values.structure(&operation.input, case.params);
        let request = expression::structure(&request.map_err(of_case)?, Style::Test);
        let RequestCase {
            method,
            uri,
            host,
            resolved_host,
            require_headers,
            forbid_headers,
            ..
        } = case;
        let headers = pairs(&case.headers);
        let body = match (case.body, case.is_json) {
            (None, _) => quote!(Any),
            (Some(""), _) => quote!(Text("")),
            (Some(text), true) => quote!(Json(#text)),
            (Some(text), false) => quote!(Text(#text)),
        };
        Ok(Some(quote! {
            #[test]
            fn #name() {
                let request = #request;
                let test = tinsmith_conformance_support::RequestTest {
                    method: #method,
                    uri: #uri,
                    host: #host,
                    resolved_host: #resolved_host,
                    headers: #headers,
                    require_headers: &[#(#require_headers),*],
                    forbid_headers: &[#(#forbid_headers),*],
                    body: tinsmith_conformance_support::Body::#body,
                };
                tinsmith_conformance_support::check_request(request, &test);
            }
        }))
    }

    /// The test of a response that is a success.
    pub(super) fn output(
        &self,
        id: &ShapeId,
        case: &ResponseCase<'_>,
    ) -> Result<Option<TokenStream>, String> {
        let Some(operation) = self.operation(id) else {
            return Ok(None);
        };
        let name = ident(case.id);
        let expected = self.values.structure(&operation.output, case.params);
        let expected = expected.map_err(|fault| format!("test {}: {fault}", case.id))?;
        let check = if holds_nan(&expected) {
            quote!(check_output_text)
        } else {
            quote!(check_output)
        };
        let expected = expression::structure(&expected, Style::Test);
        let response = response(case);
        let request = ident(&operation.input.name);
        Ok(Some(quote! {
            #[test]
            fn #name() {
                let response = #response;
                let expected = #expected;
                tinsmith_conformance_support::#check::<client::#request>(&response, &expected);
            }
        }))
    }

    /// The test of an error, read as the response of each operation that has it.
    pub(super) fn error(
        &self,
        id: &ShapeId,
        case: &ResponseCase<'_>,
    ) -> Result<Option<TokenStream>, String> {
        let of_case = |fault| format!("test {}: {fault}", case.id);
        let mut errors = self.service.errors.iter();
        let Some(error) = errors.find(|error| error.wire_name == id.name()) else {
            return Ok(None);
        };
        let name = ident(case.id);
        let expected = self.values.structure(&error.structure, case.params);
        let expected = expression::structure(&expected.map_err(of_case)?, Style::Test);
        let known = self.known(error, case);
        let response = response(case);
        let checks = self.service.operations.iter().filter_map(|operation| {
            let mut variants = operation.error.variants.iter();
            let variant = variants.find(|variant| variant.wire_name == error.wire_name)?;
            let request = ident(&operation.input.name);
            let ty = ident(&operation.error.name);
            let variant = ident(&variant.variant);
            Some(quote! {
                tinsmith_conformance_support::check_error::<client::#request>(
                    &response,
                    &client::#ty::#variant(expected.clone()),
                    &known,
                );
            })
        });
        let checks: Vec<_> = checks.collect();
        if checks.is_empty() {
            return Err(of_case("no operation has this error".to_owned()));
        }
        Ok(Some(quote! {
            #[test]
            fn #name() {
                let response = #response;
                let expected = #expected;
                let known = #known;
                #(#checks)*
            }
        }))
    }

    /// What is known of an error besides its members.
    fn known(&self, error: &ErrorShape, case: &ResponseCase<'_>) -> TokenStream {
        let shape = &error.wire_name;
        let code = case.error_code.unwrap_or(shape);
        let fault = match (case.error_type, error.fault) {
            (Some("Sender"), _) | (None, Fault::Client) => quote!(Client),
            _ => quote!(Server),
        };
        let member = error.message.as_ref().and_then(|step| {
            let mut fields = error.structure.fields.iter();
            fields.find(|field| field.name == step.field)
        });
        let message = member.and_then(|field| case.params?.get(&field.member)?.as_str());
        let message = match message {
            Some(message) => quote!(Some(#message)),
            None => quote!(None),
        };
        quote! {
            tinsmith_conformance_support::ErrorExpectation {
                shape: #shape,
                code: #code,
                message: #message,
                fault: client::runtime::error::Fault::#fault,
            }
        }
    }
}

/// NaN is equal to nothing.
fn holds_nan(structure: &StructureValue) -> bool {
    let mut found = false;
    structure.walk(&mut |value| {
        if let Value::Scalar(Scalar::Float(text) | Scalar::Double(text)) = value {
            found |= text == "NaN";
        }
    });
    found
}

fn response(case: &ResponseCase<'_>) -> TokenStream {
    let code = Literal::u16_unsuffixed(case.code);
    let headers = pairs(&case.headers);
    let body = case.body;
    quote! {
        tinsmith_conformance_support::ResponseTest {
            code: #code,
            headers: #headers,
            body: #body,
        }
    }
}

fn pairs(pairs: &[(&str, &str)]) -> TokenStream {
    let pairs = pairs.iter().map(|(name, value)| quote!((#name, #value)));
    quote!(&[#(#pairs),*])
}
