//! `src/bin` holds the examples; `cargo xtask example` lists and runs them. This library holds
//! the README and the guide in docs/, so that their code is compiled and run as doctests.

macro_rules! pages {
    ($($page:ident => $path:literal,)*) => {
        $(
            #[cfg(doctest)]
            #[doc = include_str!($path)]
            mod $page {}
        )*
    };
}

pages! {
    architecture => "../../docs/architecture.md",
    configuration => "../../docs/configuration.md",
    contributing => "../../docs/contributing.md",
    credentials => "../../docs/credentials.md",
    errors_and_retries => "../../docs/errors-and-retries.md",
    generating_another_service => "../../docs/generating-another-service.md",
    getting_started => "../../docs/getting-started.md",
    readme => "../../README.md",
    testing => "../../docs/testing.md",
    updating_models => "../../docs/updating-models.md",
}
