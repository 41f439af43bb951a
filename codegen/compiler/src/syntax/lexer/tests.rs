//! Tokens and lexical faults, one rule each.

use super::*;
use crate::syntax::source::SourceMap;

/// Renders tokens as `kind:text` and faults as `code@column`.
fn render(text: &[u8]) -> String {
    let mut map = SourceMap::new();
    let id = map.add("test.proto", text.to_vec()).unwrap();
    let source = map.file(id);
    let Lexed {
        tokens,
        diagnostics,
        ..
    } = lex(source);
    let mut out = Vec::new();
    for token in &tokens[..tokens.len() - 1] {
        let kind = match token.kind {
            TokenKind::Identifier => "id",
            TokenKind::Integer => "int",
            TokenKind::Float => "float",
            TokenKind::String => "str",
            TokenKind::Symbol(_) => "sym",
            TokenKind::Unknown => "unknown",
            TokenKind::End => "end",
        };
        let text = String::from_utf8_lossy(source.slice(token.span));
        out.push(format!("{kind}:{text}"));
    }
    for diagnostic in &diagnostics {
        let position = source.position(diagnostic.position().unwrap().start);
        out.push(format!("{}@{}", diagnostic.code, position.column + 1));
    }
    out.join(" ")
}

#[track_caller]
fn check(text: &str, expect: &str) {
    assert_eq!(render(text.as_bytes()), expect, "{text:?}");
}

#[test]
fn tokens() {
    check("message A1_ { }", "id:message id:A1_ sym:{ sym:}");
    check(
        "1 0x1f 017 0 1.5 .5 1. 1e5 1.e-5",
        "int:1 int:0x1f int:017 int:0 float:1.5 float:.5 float:1. float:1e5 float:1.e-5",
    );
    check(r#"'a"b' "c\"d""#, r#"str:'a"b' str:"c\"d""#);
    check("a.b .c - <", "id:a sym:. id:b sym:. id:c sym:- sym:<");
    check("a/b", "id:a sym:/ id:b");
}

#[test]
fn comments_leave_no_token() {
    check("a // b\nc /* d\n * e */ f", "id:a id:c id:f");
    check("a /***/ b /**/ c", "id:a id:b id:c");
}

#[test]
fn numbers() {
    check("0x;", "int:0x sym:; missing-hex-digits@3");
    check("0198", "int:0198 not-octal@3");
    check("1e", "float:1e missing-exponent@3");
    check(
        "1e+x",
        "float:1e+ id:x missing-exponent@4 letter-behind-number@4",
    );
    check("12ab", "int:12 id:ab letter-behind-number@3");
    check("1.2.3", "float:1.2 float:.3 second-point@4");
    check("0x1.2", "int:0x1 float:.2 point-in-integer@4");
    check("a.1", "id:a float:.1 point-behind-name@2");
    check("a .1", "id:a float:.1");
}

#[test]
fn strings() {
    check("\"ab", "str:\"ab unclosed-string@4");
    check("\"ab\nc", "str:\"ab id:c line-break-in-string@4");
    check(r#""\q""#, r#"str:"\q" bad-escape@3"#);
    check(r#""\xg""#, r#"str:"\xg" bad-escape@4"#);
    check(r#""\u12""#, r#"str:"\u12" bad-escape@6"#);
    check(r#""\U00200000""#, r#"str:"\U00200000" bad-escape@6"#);
    check(
        r#""\U0010ffff\u1234\X4\7""#,
        r#"str:"\U0010ffff\u1234\X4\7""#,
    );
}

#[test]
fn bytes_that_are_no_text() {
    check("a\u{1}\u{2}\0b", "id:a id:b control-character@2");
    check("a é b", "id:a unknown:é id:b not-ascii@3");
    check(
        "\"a\0b\"",
        "str:\"a id:b str:\" unclosed-string@3 control-character@3 unclosed-string@6",
    );
    check("// a\0b", "id:b control-character@5");
    check("// é\n'é'", "str:'é'");
    check("a\u{7f}", "id:a sym:\u{7f}");
}

#[test]
fn block_comments() {
    check("/* a /* b */ c", "id:c nested-comment@7");
    check("/* a", "unclosed-comment@5");
    check("/*/", "unclosed-comment@4");
}

#[test]
fn byte_order_mark() {
    check("\u{feff}a", "id:a");
    assert_eq!(render(b"\xef\xbb a"), "id:a not-utf8@3");
    assert_eq!(
        render(b"a\xef\xbb\xbfb"),
        "id:a unknown:\u{feff} id:b not-ascii@2"
    );
    assert_eq!(render(b"\xff\xfea\0b\0"), "utf-16@1");
    assert_eq!(render(b"\xfe\xff\0a"), "utf-16@1");
}
