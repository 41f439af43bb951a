//! Rust spellings of protobuf names: case, keywords, and a scope that keeps them apart. Never looks at a schema.
//!
//! The rule for collisions is one everywhere: who comes later takes `_` at the end until its name is free.

use std::collections::HashSet;

/// Words that cannot be a plain identifier in edition 2024 or any edition before it.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate",
    "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl",
    "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref",
    "return", "self", "Self", "static", "struct", "super", "trait", "true", "try", "type",
    "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield", "_",
];

/// Keywords that cannot be raw identifiers either (Rust reference, "Raw identifiers").
const NEVER_RAW: &[&str] = &["crate", "self", "Self", "super", "_"];

/// `name` as an identifier: itself, `r#name` for a keyword, `name_` where even that is not allowed.
pub(crate) fn ident(name: &str) -> String {
    if NEVER_RAW.contains(&name) {
        format!("{name}_")
    } else if KEYWORDS.contains(&name) {
        format!("r#{name}")
    } else {
        name.to_owned()
    }
}

/// `SayHello` and `sayHello` as `say_hello`, `GetHTTPRule` as `get_http_rule`; digits stay with what they follow.
pub(crate) fn snake_case(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    let mut snake = String::new();
    for (at, &c) in chars.iter().enumerate() {
        let before = at.checked_sub(1).map(|before| chars[before]);
        let starts_word = c.is_ascii_uppercase()
            && before.is_some_and(|before| {
                let after_lower = before.is_ascii_lowercase() || before.is_ascii_digit();
                let ends_acronym = before.is_ascii_uppercase()
                    && chars.get(at + 1).is_some_and(char::is_ascii_lowercase);
                after_lower || ends_acronym
            });
        if starts_word {
            snake.push('_');
        }
        snake.push(c.to_ascii_lowercase());
    }
    snake
}

/// `hello_service` as `HelloService`; capitals inside a word stay, so that `GRPCRoute` is not respelled.
pub(crate) fn camel_case(name: &str) -> String {
    name.split('_')
        .flat_map(|word| {
            let mut chars = word.chars();
            let first = chars.next().map(|first| first.to_ascii_uppercase());
            first.into_iter().chain(chars)
        })
        .collect()
}

/// `HelloService` as `HELLO_SERVICE`.
pub(crate) fn screaming_snake_case(name: &str) -> String {
    snake_case(name).to_ascii_uppercase()
}

/// The words of a name as prost (its crate heck) takes it apart: `HTTPRule2x` is `HTTP`, `Rule2x`.
fn prost_words(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    for part in name.split(|c: char| !c.is_ascii_alphanumeric()) {
        let chars: Vec<char> = part.chars().collect();
        let mut word = String::new();
        // Digits are of the case before them.
        let mut after_lower = false;
        let mut after_upper = false;
        for (at, &c) in chars.iter().enumerate() {
            let before_lower = chars.get(at + 1).is_some_and(char::is_ascii_lowercase);
            if c.is_ascii_uppercase() && (after_lower || (after_upper && before_lower)) {
                words.push(std::mem::take(&mut word));
            }
            word.push(c);
            if c.is_ascii_alphabetic() {
                after_lower = c.is_ascii_lowercase();
                after_upper = !after_lower;
            }
        }
        words.push(word);
    }
    words.retain(|word| !word.is_empty());
    words
}

/// A name in prost's snake case.
pub(crate) fn prost_snake_case(name: &str) -> String {
    led_by_letter(prost_words(name).join("_").to_ascii_lowercase())
}

/// A name in prost's camel case.
pub(crate) fn prost_camel_case(name: &str) -> String {
    let words = prost_words(name).into_iter().map(|word| {
        let (first, rest) = word.split_at(1);
        first.to_ascii_uppercase() + &rest.to_ascii_lowercase()
    });
    led_by_letter(words.collect())
}

fn led_by_letter(name: String) -> String {
    match name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        true => name,
        false => format!("_{name}"),
    }
}

/// The names that are taken in one namespace of one Rust module, trait or `impl`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scope {
    taken: HashSet<String>,
}

impl Scope {
    /// Takes `name` for a new item and returns its spelling: `name` itself, or with `_` after it until it is free.
    pub(crate) fn claim(&mut self, name: &str) -> String {
        let mut candidate = name.to_owned();
        // `foo` and `r#foo` are one identifier to the compiler.
        while !self.taken.insert(ident(&candidate)) {
            candidate.push('_');
        }
        ident(&candidate)
    }

    /// Takes an identifier that is already spelled for Rust. False if somebody has it.
    pub(crate) fn reserve(&mut self, ident: &str) -> bool {
        self.taken.insert(ident.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases() {
        let check = |name: &str, snake: &str, camel: &str| {
            assert_eq!(snake_case(name), snake, "{name}");
            assert_eq!(camel_case(name), camel, "{name}");
        };
        check("SayHello", "say_hello", "SayHello");
        check("sayHello", "say_hello", "SayHello");
        check("say_hello", "say_hello", "SayHello");
        check("GetHTTPRule", "get_http_rule", "GetHTTPRule");
        check("GRPCService", "grpc_service", "GRPCService");
        check("V1Service", "v1_service", "V1Service");
        check("OAuth2Token", "o_auth2_token", "OAuth2Token");
        check("X", "x", "X");
        assert_eq!(screaming_snake_case("HelloService"), "HELLO_SERVICE");
    }

    #[test]
    fn cases_of_prost() {
        let check = |name: &str, snake: &str, camel: &str| {
            assert_eq!(prost_snake_case(name), snake, "{name}");
            assert_eq!(prost_camel_case(name), camel, "{name}");
        };
        check("GetHTTPRule", "get_http_rule", "GetHttpRule");
        check("FOO_BAR", "foo_bar", "FooBar");
        check("V1Service", "v1_service", "V1Service");
        check("OAuth2Token", "o_auth2_token", "OAuth2Token");
        check("X1Y", "x1y", "X1y");
        check("_a__b_", "a_b", "AB");
        check("_1", "_1", "_1");
    }

    #[test]
    fn keywords() {
        assert_eq!(ident("type"), "r#type");
        assert_eq!(ident("gen"), "r#gen");
        assert_eq!(ident("self"), "self_");
        assert_eq!(ident("crate"), "crate_");
        assert_eq!(ident("union"), "union");
    }

    #[test]
    fn a_taken_name_gets_underscores_until_it_is_free() {
        let mut scope = Scope::default();
        assert_eq!(scope.claim("type"), "r#type");
        assert_eq!(scope.claim("type"), "type_");
        assert_eq!(scope.claim("type"), "type__");
        assert!(scope.reserve("Client"));
        assert_eq!(scope.claim("Client"), "Client_");
        assert!(!scope.reserve("Client_"));
    }
}
