//! Generated Rust cut into pieces: just enough to change code and leave comments and literals alone. Never fails: what it
//! does not know is punctuation.

/// A piece of source text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub(super) kind: Kind,
    pub(super) text: &'a str,
}

/// What a piece is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Space,
    /// A line or block comment, documentation included.
    Comment,
    /// An identifier or a keyword, raw or not.
    Word,
    /// A string, byte string or character.
    Literal,
    /// Digits and what belongs to them.
    Number,
    Lifetime,
    /// One character of anything else, or `::`.
    Punctuation,
}

/// Cuts `text` into tokens that together are the whole text.
pub(super) fn tokens(text: &str) -> impl Iterator<Item = Token<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (kind, length) = first(rest)?;
        let (token, after) = rest.split_at(length);
        rest = after;
        Some(Token { kind, text: token })
    })
}

/// The kind and the length of the first token.
fn first(text: &str) -> Option<(Kind, usize)> {
    let first = text.chars().next()?;
    let while_in =
        |belongs: fn(char) -> bool| text.find(|c: char| !belongs(c)).unwrap_or(text.len());
    Some(if first.is_whitespace() {
        (Kind::Space, while_in(char::is_whitespace))
    } else if text.starts_with("//") {
        (Kind::Comment, text.find('\n').unwrap_or(text.len()))
    } else if text.starts_with("/*") {
        (Kind::Comment, block_comment(text))
    } else if let Some(length) = literal(text) {
        (Kind::Literal, length)
    } else if first == '\'' {
        (
            Kind::Lifetime,
            1 + text[1..].find(|c| !is_word(c)).unwrap_or(text.len() - 1),
        )
    } else if let Some(raw) = text
        .strip_prefix("r#")
        .filter(|raw| raw.starts_with(is_word))
    {
        (
            Kind::Word,
            2 + raw.find(|c| !is_word(c)).unwrap_or(raw.len()),
        )
    } else if first.is_ascii_digit() {
        (Kind::Number, while_in(is_word))
    } else if is_word(first) {
        (Kind::Word, while_in(is_word))
    } else if text.starts_with("::") {
        (Kind::Punctuation, 2)
    } else {
        (Kind::Punctuation, first.len_utf8())
    })
}

fn is_word(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

/// The length of the block comment that the text starts with; they nest.
fn block_comment(text: &str) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while at < text.len() {
        let rest = &text.as_bytes()[at..];
        if rest.starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if rest.starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    text.len()
}

/// The length of the string, byte string or character that the text starts with.
fn literal(text: &str) -> Option<usize> {
    let unprefixed = text.strip_prefix('b').unwrap_or(text);
    let prefix = text.len() - unprefixed.len();
    if let Some(raw) = unprefixed.strip_prefix('r') {
        let hashes = raw.bytes().take_while(|&byte| byte == b'#').count();
        if raw[hashes..].starts_with('"') {
            let close = format!("\"{}", "#".repeat(hashes));
            let inside = &raw[hashes + 1..];
            let end = inside
                .find(&close)
                .map_or(inside.len(), |end| end + close.len());
            return Some(prefix + 1 + hashes + 1 + end);
        }
    }
    let quote = unprefixed
        .chars()
        .next()
        .filter(|&quote| quote == '"' || quote == '\'')?;
    let inside = &unprefixed[1..];
    let end = closing(inside, quote)?;
    // `'a` without a quote behind it is a lifetime.
    let one_character = inside[..end].starts_with('\\') || inside[..end].chars().count() == 1;
    (quote == '"' || one_character).then_some(prefix + 1 + end + 1)
}

/// Where the quote that closes a literal is, seen from behind the one that opens it.
fn closing(inside: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    inside.char_indices().find_map(|(at, c)| {
        let closes = c == quote && !escaped;
        escaped = c == '\\' && !escaped;
        closes.then_some(at)
    })
}

#[cfg(test)]
mod tests {
    use super::{Kind, tokens};

    #[track_caller]
    fn check(text: &str, expect: &[(Kind, &str)]) {
        let found: Vec<(Kind, &str)> = tokens(text)
            .filter(|token| token.kind != Kind::Space)
            .map(|token| (token.kind, token.text))
            .collect();
        assert_eq!(found, expect);
        assert_eq!(
            tokens(text).map(|token| token.text).collect::<String>(),
            text
        );
    }

    #[test]
    fn code_is_told_from_text() {
        use Kind::{Comment, Lifetime, Literal, Number, Punctuation, Word};
        check("a::b", &[(Word, "a"), (Punctuation, "::"), (Word, "b")]);
        check("r#try 1u8", &[(Word, "r#try"), (Number, "1u8")]);
        check("/// a \"b\nc", &[(Comment, "/// a \"b"), (Word, "c")]);
        check(
            "/* a /* b */ c */d",
            &[(Comment, "/* a /* b */ c */"), (Word, "d")],
        );
        check(r#""a\"b" c"#, &[(Literal, r#""a\"b""#), (Word, "c")]);
        check(r#"b"a\\" c"#, &[(Literal, r#"b"a\\""#), (Word, "c")]);
        check("r#\"a\"b\"# c", &[(Literal, "r#\"a\"b\"#"), (Word, "c")]);
        check(
            "'a' '\\'' &'a b'c'",
            &[
                (Literal, "'a'"),
                (Literal, "'\\''"),
                (Punctuation, "&"),
                (Lifetime, "'a"),
                (Literal, "b'c'"),
            ],
        );
        check(
            "&'é str",
            &[(Punctuation, "&"), (Lifetime, "'é"), (Word, "str")],
        );
    }
}
