//! The text of `protobuf-codegen`, made to fit: no inner attributes, `protobuf` by way of `ironwire`, the keywords it
//! forgot, and the descriptor with its true names. Never changes a comment or any other literal.

use ironwire_codegen::input::{Export, ExportKind};

use super::names::FORGOTTEN;
use super::tokens::{Kind, Token, tokens};

/// The static whose bytes are the descriptor.
const DESCRIPTOR: &str = "file_descriptor_proto_data";

/// Rewrites the module of one file, whose encoded descriptor is `descriptor`.
pub(super) fn rewrite(text: &str, descriptor: &[u8]) -> String {
    let tokens: Vec<Token<'_>> = tokens(text).collect();
    let mut out = String::new();
    let mut last_word = "";
    let mut descriptor_is_next = false;
    for (at, token) in tokens.iter().enumerate().skip(header(&tokens)) {
        match token.kind {
            Kind::Literal if descriptor_is_next => {
                out.push_str(&byte_string(descriptor));
                descriptor_is_next = false;
            }
            Kind::Word => {
                descriptor_is_next |= token.text == DESCRIPTOR && last_word == "static";
                last_word = token.text;
                out.push_str(&word(&tokens, at));
            }
            _ => out.push_str(token.text),
        }
    }
    out
}

/// The number of tokens before the first item: the note on who wrote the file, inner attributes and inner documentation.
fn header(tokens: &[Token<'_>]) -> usize {
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let documents_an_item = token.text.starts_with("///");
        match token.kind {
            Kind::Space => at += 1,
            Kind::Comment if !documents_an_item => at += 1,
            Kind::Punctuation if is_inner_attribute(&tokens[at..]) => {
                at += attribute(&tokens[at..])
            }
            _ => break,
        }
    }
    at
}

fn is_inner_attribute(tokens: &[Token<'_>]) -> bool {
    matches!(tokens, [hash, bang, ..] if hash.text == "#" && bang.text == "!")
}

/// The number of tokens up to the bracket that closes the attribute.
fn attribute(tokens: &[Token<'_>]) -> usize {
    let mut depth = 0;
    let closes = tokens.iter().position(|token| {
        match token.text {
            "[" => depth += 1,
            "]" => depth -= 1,
            _ => {}
        }
        depth == 0 && token.text == "]"
    });
    closes.map_or(tokens.len(), |at| at + 1)
}

/// The word at `at`: another way to `protobuf` if it starts a path from the root, a raw identifier for a keyword.
fn word(tokens: &[Token<'_>], at: usize) -> String {
    let text = tokens[at].text;
    let path_from_root = at.checked_sub(1).is_some_and(|colons| {
        let before = colons.checked_sub(1).map(|before| tokens[before]);
        let continues =
            before.is_some_and(|before| before.kind == Kind::Word || before.text == ">");
        tokens[colons].text == "::" && !continues
    });
    if text == "protobuf" && path_from_root {
        "ironwire::generated::protobuf".to_owned()
    } else if FORGOTTEN.contains(&text) {
        format!("r#{text}")
    } else {
        text.to_owned()
    }
}

/// The bytes as a literal of lines that fit a screen.
fn byte_string(bytes: &[u8]) -> String {
    let mut out = "b\"\\\n".to_owned();
    for line in bytes.chunks(32) {
        // The break skips the white space behind it, so a space is escaped too.
        let escaped = line.escape_ascii().to_string().replace(' ', "\\x20");
        out.push_str(&format!("    {escaped}\\\n"));
    }
    out.push('"');
    out
}

/// The public items of a module, as far as a package offers them.
pub(super) fn exports(text: &str) -> Vec<Export> {
    let code = tokens(text).filter(|token| !matches!(token.kind, Kind::Space | Kind::Comment));
    let code: Vec<Token<'_>> = code.collect();
    let mut depth = 0;
    let mut exports = Vec::new();
    for (at, token) in code.iter().enumerate() {
        match token.text {
            "{" => depth += 1,
            "}" => depth -= 1,
            "pub" if depth == 0 => exports.extend(export(&code[at + 1..])),
            _ => {}
        }
    }
    exports
}

fn export(behind_pub: &[Token<'_>]) -> Option<Export> {
    let [keyword, name, ..] = behind_pub else {
        return None;
    };
    let kind = match (keyword.text, name.text) {
        ("mod", "exts") => ExportKind::SharedModule,
        ("struct" | "enum" | "mod", _) => ExportKind::Type,
        ("fn", "file_descriptor") => ExportKind::Descriptor,
        _ => return None,
    };
    Some(Export {
        name: name.text.to_owned(),
        kind,
    })
}

#[cfg(test)]
mod tests {
    use ironwire_codegen::input::{Export, ExportKind};

    use super::{exports, rewrite};

    #[track_caller]
    fn check(text: &str, expect: &str) {
        assert_eq!(rewrite(text, b"a b"), expect);
    }

    #[test]
    fn the_header_goes() {
        check(
            "// by\n#![allow(a::b[1])]\n\n//! Inner.\n\n/// Doc.\nfn a() {}\n",
            "/// Doc.\nfn a() {}\n",
        );
    }

    #[test]
    fn paths_to_protobuf_go_by_way_of_ironwire() {
        check(
            "x as ::protobuf::Message",
            "x as ::ironwire::generated::protobuf::Message",
        );
        check(
            "Vec<::protobuf::A>",
            "Vec<::ironwire::generated::protobuf::A>",
        );
        check("super::protobuf::A", "super::protobuf::A");
        check("<A>::protobuf::B", "<A>::protobuf::B");
        check(
            "x(\"::protobuf::A\") // ::protobuf::",
            "x(\"::protobuf::A\") // ::protobuf::",
        );
    }

    #[test]
    fn forgotten_keywords_become_raw() {
        check("pub gen: u8, \"gen\"", "pub r#gen: u8, \"gen\"");
        check("self.try + r#try", "self.r#try + r#try");
    }

    #[test]
    fn the_descriptor_is_replaced() {
        check(
            "static x: &[u8] = b\"x\"; static file_descriptor_proto_data: &'static [u8] = b\"\\\n  x\\\n\";",
            "static x: &[u8] = b\"x\"; static file_descriptor_proto_data: &'static [u8] = b\"\\\n    a\\x20b\\\n\";",
        );
    }

    #[test]
    fn exports_are_the_public_items_of_the_top_level() {
        let text = "pub struct A { pub b: u8 } pub mod a { pub struct C; } pub mod exts {} \
                    pub fn file_descriptor() {} fn file_descriptor_proto() {} // pub struct X\n";
        let export = |name: &str, kind| Export {
            name: name.to_owned(),
            kind,
        };
        assert_eq!(
            exports(text),
            [
                export("A", ExportKind::Type),
                export("a", ExportKind::Type),
                export("exts", ExportKind::SharedModule),
                export("file_descriptor", ExportKind::Descriptor),
            ]
        );
    }
}
