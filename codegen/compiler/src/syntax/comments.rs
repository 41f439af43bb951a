//! Comments: their text, and which declaration they belong to. It never reports errors; the lexer has seen every comment.

pub(super) mod attach;

use super::ast::Comment;
use super::source::SourceFile;

/// The text of a comment as descriptors carry it.
///
/// Line comments lose their slashes and keep their line breaks. Block comments lose their frame, and every further
/// line its indentation and one asterisk (`io::Tokenizer::ConsumeLineComment`, `ConsumeBlockComment`).
pub fn text(source: &SourceFile, comment: Comment) -> Vec<u8> {
    let raw = source.slice(comment.span);
    let mut out = Vec::with_capacity(raw.len());
    if raw.starts_with(b"/*") {
        block_text(raw, &mut out);
    } else {
        line_text(raw, &mut out);
    }
    out
}

fn line_text(raw: &[u8], out: &mut Vec<u8>) {
    for line in raw.split_inclusive(|&byte| byte == b'\n') {
        let line = trim_blank(line);
        out.extend_from_slice(line.strip_prefix(b"//").unwrap_or(line));
    }
}

fn block_text(raw: &[u8], out: &mut Vec<u8>) {
    let inner = raw.strip_prefix(b"/*").unwrap_or(raw);
    let inner = inner.strip_suffix(b"*/").unwrap_or(inner);
    for (index, line) in inner.split_inclusive(|&byte| byte == b'\n').enumerate() {
        if index == 0 {
            out.extend_from_slice(line);
            continue;
        }
        let line = trim_blank(line);
        out.extend_from_slice(line.strip_prefix(b"*").unwrap_or(line));
    }
}

fn trim_blank(line: &[u8]) -> &[u8] {
    let blank = line.iter().take_while(|&&byte| is_blank(byte)).count();
    &line[blank..]
}

/// White space other than a line break (`WhitespaceNoNewline`, tokenizer.cc).
fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | 0x0b | 0x0c)
}

/// A dotted name without the white space and comments between its parts.
pub(super) fn without_trivia(mut raw: &[u8]) -> String {
    let mut out = String::new();
    while let [first, rest @ ..] = raw {
        if raw.starts_with(b"//") {
            let line = raw.iter().position(|&byte| byte == b'\n');
            raw = &raw[line.unwrap_or(raw.len())..];
        } else if raw.starts_with(b"/*") {
            let end = raw[2..].windows(2).position(|pair| pair == b"*/");
            raw = &raw[end.map_or(raw.len(), |end| end + 4)..];
        } else {
            if first.is_ascii_alphanumeric() || matches!(first, b'.' | b'_' | b'/') {
                out.push(*first as char);
            }
            raw = rest;
        }
    }
    out
}
