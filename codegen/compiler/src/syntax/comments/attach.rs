//! Which comments between two tokens belong to which declaration (`io::Tokenizer::NextWithComments`,
//! `CommentCollector`). It reads nothing but white space and comments.

use super::is_blank;
use crate::syntax::ast::Comment;
use crate::syntax::source::SourceFile;
use crate::syntax::span::Span;

/// The comments between a token that ends a declaration and the next token.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::syntax) struct Gap {
    /// Belongs to the declaration before.
    pub(in crate::syntax) trailing: Option<Comment>,
    /// Belong to nothing; they stand before the next declaration.
    pub(in crate::syntax) detached: Vec<Comment>,
    /// Belongs to the next declaration.
    pub(in crate::syntax) leading: Option<Comment>,
}

/// The comments before the first token.
pub(in crate::syntax) fn before_first(source: &SourceFile) -> Gap {
    let mut collector = Collector::new(source, source.base());
    collector.may_trail = false;
    if source.bytes().starts_with(b"\xef\xbb\xbf") {
        collector.at = 3;
    }
    collector.following_lines(None, None)
}

/// The comments behind a token that ends at `end`.
pub(in crate::syntax) fn behind(source: &SourceFile, end: u32) -> Gap {
    let mut collector = Collector::new(source, end);
    collector.skip_blanks();
    let mut trailing_ends = None;
    match collector.peek_comment() {
        // A comment on the same line always belongs to what is before it.
        Some(Style::Line) => {
            collector.line_comment();
            collector.flush();
        }
        Some(Style::Block) => {
            collector.block_comment();
            trailing_ends = Some(collector.line);
            collector.skip_blanks();
            collector.flush();
        }
        None if collector.eat_line_break() => {}
        None => return collector.gap,
    }
    collector.following_lines(Some(0), trailing_ends)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Line,
    Block,
}

struct Collector<'a> {
    text: &'a [u8],
    base: u32,
    at: usize,
    /// Lines since the token before.
    line: u32,
    gap: Gap,
    /// The last comment, as long as it is open whose it is.
    pending: Option<(Comment, Style)>,
    /// Whether the next comment to be settled can still belong to the declaration before.
    may_trail: bool,
    settled: u32,
}

impl<'a> Collector<'a> {
    fn new(source: &'a SourceFile, offset: u32) -> Self {
        Self {
            text: source.bytes(),
            base: source.base(),
            at: (offset - source.base()) as usize,
            line: 0,
            gap: Gap::default(),
            pending: None,
            may_trail: true,
            settled: 0,
        }
    }

    /// Reads up to the next token from the line behind the previous one.
    fn following_lines(mut self, previous_line: Option<u32>, trailing_ends: Option<u32>) -> Gap {
        loop {
            self.skip_blanks();
            match self.peek_comment() {
                Some(Style::Line) => self.line_comment(),
                Some(Style::Block) => {
                    self.block_comment();
                    self.skip_blanks();
                    self.eat_line_break();
                }
                None if self.eat_line_break() => {
                    self.flush();
                    self.may_trail = false;
                }
                None => break,
            }
        }
        let next = self.text.get(self.at);
        if matches!(next, None | Some(b'}' | b']' | b')')) {
            // At the end of a scope a comment belongs to nothing that follows.
            self.flush();
        }
        let here = Some(self.line);
        if next.is_some() && (here == previous_line || here == trailing_ends) {
            self.detach_only_comment();
        }
        self.gap.leading = self.pending.map(|(comment, _)| comment);
        self.gap
    }

    /// Settles the pending comment: it is not connected to the next token.
    fn flush(&mut self) {
        let Some((comment, _)) = self.pending.take() else {
            return;
        };
        self.settled += 1;
        if self.may_trail {
            self.gap.trailing = Some(comment);
            self.may_trail = false;
        } else {
            self.gap.detached.push(comment);
        }
    }

    /// A single comment between two tokens on one line could belong to either, so it belongs to neither.
    fn detach_only_comment(&mut self) {
        if self.settled + self.pending.is_some() as u32 == 1 {
            let trailing = self.gap.trailing.take();
            self.gap.detached.splice(0..0, trailing);
            self.flush();
        }
    }

    fn line_comment(&mut self) {
        let start = self.at;
        let rest = &self.text[start..];
        self.at += memchr::memchr2(b'\n', 0, rest).unwrap_or(rest.len());
        self.eat_line_break();
        let span = self.span_from(start);
        match &mut self.pending {
            Some((comment, Style::Line)) => comment.span.end = span.end,
            _ => self.begin(span, Style::Line),
        }
    }

    fn block_comment(&mut self) {
        let start = self.at;
        let inner = &self.text[start + 2..];
        let end = memchr::memmem::find(inner, b"*/");
        self.at = end.map_or(self.text.len(), |end| start + 2 + end + 2);
        self.line += memchr::memchr_iter(b'\n', &self.text[start..self.at]).count() as u32;
        let span = self.span_from(start);
        self.begin(span, Style::Block);
    }

    fn begin(&mut self, span: Span, style: Style) {
        self.flush();
        self.pending = Some((Comment { span }, style));
    }

    fn peek_comment(&self) -> Option<Style> {
        match self.text.get(self.at..self.at + 2)? {
            b"//" => Some(Style::Line),
            b"/*" => Some(Style::Block),
            _ => None,
        }
    }

    fn skip_blanks(&mut self) {
        while self.text.get(self.at).is_some_and(|&byte| is_blank(byte)) {
            self.at += 1;
        }
    }

    fn eat_line_break(&mut self) -> bool {
        let found = self.text.get(self.at) == Some(&b'\n');
        self.at += found as usize;
        self.line += found as u32;
        found
    }

    fn span_from(&self, start: usize) -> Span {
        Span::new(self.base + start as u32, self.base + self.at as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::comments;
    use crate::syntax::source::SourceMap;

    /// `text` is what follows a token; the answer is the text of the comments by role.
    #[track_caller]
    fn check(text: &str, trailing: &str, detached: &[&str], leading: &str) {
        let mut map = SourceMap::new();
        let id = map.add("a.proto", text.as_bytes().to_vec()).unwrap();
        let source = map.file(id);
        let gap = behind(source, source.base());
        let read = |comment: Comment| {
            String::from_utf8(comments::text(source, comment)).expect("tests are UTF-8")
        };
        assert_eq!(gap.trailing.map(read).unwrap_or_default(), trailing);
        assert_eq!(gap.leading.map(read).unwrap_or_default(), leading);
        let found: Vec<_> = gap.detached.into_iter().map(read).collect();
        assert_eq!(found, detached);
    }

    #[test]
    fn comments_on_the_same_line_trail() {
        check(" // a\n // b\nx", " a\n", &[], " b\n");
        check(" /* a */\nx", " a ", &[], "");
        check("\n // a\n\n // b\nx", " a\n", &[], " b\n");
    }

    #[test]
    fn blank_lines_detach() {
        check("\n\n// a\n\n// b\n// c\nx", "", &[" a\n"], " b\n c\n");
        check("\n// a\n\n/* b */\n\nx", " a\n", &[" b "], "");
    }

    #[test]
    fn the_end_of_a_scope_takes_no_leading_comment() {
        check("\n\n// a\n}", "", &[" a\n"], "");
        check("\n// a\n}", " a\n", &[], "");
        check("\n\n// a", "", &[" a"], "");
    }

    #[test]
    fn a_comment_between_tokens_on_one_line_is_detached() {
        check(" /* a */ x", "", &[" a "], "");
        check(" /* a\n */ x", "", &[" a\n"], "");
        check(" /* a */ /* b */ x", " a ", &[], " b ");
    }

    #[test]
    fn block_comments_lose_their_frame() {
        check(
            "\n\n/* a\n * b\n   * c\n   d\n **/ x",
            "",
            &[],
            " a\n b\n c\nd\n",
        );
        check("\n\n/**/ x", "", &[], "");
        check("\n\n//a\r\n  //b\nx", "", &[], "a\r\nb\n");
    }
}
