//! `.proto` comments as rustdoc. Never lets a comment become a doctest, a broken link or an HTML tag.
//!
//! Comments were written for people who read them as they are. Markdown that is plain prose in both worlds (lists,
//! emphasis, code spans, `http` links) is kept; what rustdoc would act upon is escaped; what Markdown would take for
//! code, by indent or by fence, becomes a `text` block, which is shown but never compiled.

/// Turns the text of a comment (without its `//` or `*`) into the lines that follow `///`, without the space.
pub fn rustdoc(comment: &str) -> Vec<String> {
    let mut out = Writer::default();
    for line in common_indent_removed(comment) {
        out.line(&line);
    }
    out.finish()
}

/// What the line before means for the next one.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum State {
    /// A blank line or the start: an indented line here is code.
    #[default]
    Open,
    /// Inside a paragraph or a list item: an indented line here continues it.
    Text,
    /// Inside a list, after a blank line: an indented line here belongs to an item.
    List,
    /// Inside a fence of the comment's own.
    Fence(char),
    /// Inside a fence that stands for an indent.
    Indented,
}

#[derive(Default)]
struct Writer {
    lines: Vec<String>,
    /// The lines of the code that is being read.
    code: Vec<String>,
    state: State,
    in_list: bool,
}

impl Writer {
    fn line(&mut self, line: &str) {
        match self.state {
            State::Fence(mark) => self.fenced(line, mark),
            State::Indented => self.indented(line),
            State::Open | State::Text | State::List => self.prose(line),
        }
    }

    fn fenced(&mut self, line: &str, mark: char) {
        if is_fence(line.trim_start(), mark) {
            self.close_code();
        } else {
            self.code.push(line.to_owned());
        }
    }

    fn indented(&mut self, line: &str) {
        if line.is_empty() || indent(line) >= 4 {
            self.code.push(line.get(4..).unwrap_or_default().to_owned());
        } else {
            self.close_code();
            self.prose(line);
        }
    }

    fn prose(&mut self, line: &str) {
        let text = line.trim_start();
        if text.is_empty() {
            self.lines.push(String::new());
            self.state = if self.in_list {
                State::List
            } else {
                State::Open
            };
            return;
        }
        if let Some(mark) = ['`', '~'].into_iter().find(|&mark| is_fence(text, mark)) {
            self.state = State::Fence(mark);
            return;
        }
        if indent(line) >= 4 && self.state == State::Open {
            self.state = State::Indented;
            self.indented(line);
            return;
        }
        // Three spaces at most: a fourth would make code of a line inside a list.
        let margin = indent(line).min(if self.state == State::Open { 0 } else { 3 });
        let (bullets, rest) = split_bullets(text);
        self.in_list =
            !bullets.is_empty() || (self.in_list && (self.state == State::Text || margin > 0));
        self.lines
            .push(format!("{:margin$}{bullets}{}", "", escape(rest)));
        self.state = State::Text;
    }

    /// Shows the code, between fences that no line of it can be taken for.
    fn close_code(&mut self) {
        let code_ends = self
            .code
            .iter()
            .rposition(|line| !line.is_empty())
            .map_or(0, |at| at + 1);
        let blank = self.code.split_off(code_ends);
        if !self.code.is_empty() {
            let ticks = self
                .code
                .iter()
                .map(|line| longest_run(line, '`'))
                .max()
                .unwrap_or(0);
            let fence = "`".repeat(3.max(ticks + 1));
            self.lines.push(format!("{fence}text"));
            self.lines.append(&mut self.code);
            self.lines.push(fence);
        }
        self.lines.extend(blank);
        self.state = State::Open;
    }

    fn finish(mut self) -> Vec<String> {
        self.close_code();
        let blank = |line: &String| line.is_empty();
        let start = self.lines.iter().take_while(|line| blank(line)).count();
        let end = self
            .lines
            .iter()
            .rposition(|line| !blank(line))
            .map_or(start, |at| at + 1);
        self.lines[start..end].to_vec()
    }
}

/// The comment's lines without the margin they share, trailing space, tabs, and characters that rustc refuses.
fn common_indent_removed(comment: &str) -> Vec<String> {
    let lines: Vec<String> = comment
        .lines()
        .map(|line| {
            let line: String = line
                .replace('\t', "    ")
                .chars()
                .filter(|&c| is_harmless(c))
                .collect();
            line.trim_end().to_owned()
        })
        .collect();
    let margin = lines
        .iter()
        .filter(|line| !line.is_empty())
        .map(|line| indent(line))
        .min()
        .unwrap_or(0);
    lines
        .iter()
        .map(|line| line.get(margin..).unwrap_or_default().to_owned())
        .collect()
}

/// Control characters end a doc comment's line or are refused in it; the bidirectional ones are denied by the lint
/// `text_direction_codepoint_in_comment`.
fn is_harmless(c: char) -> bool {
    !c.is_control()
        && !matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}')
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

fn longest_run(text: &str, mark: char) -> usize {
    text.split(|c| c != mark).map(str::len).max().unwrap_or(0)
}

fn is_fence(text: &str, mark: char) -> bool {
    text.chars().take_while(|&c| c == mark).count() >= 3
}

/// Splits `- text`, `* text` or `12. text` after its markers. Each keeps one space: five would make code of the rest.
fn split_bullets(text: &str) -> (String, &str) {
    let mut bullets = String::new();
    let mut rest = text;
    while let Some(marker) = bullet(rest) {
        bullets.push_str(&rest[..marker]);
        bullets.push(' ');
        rest = rest[marker..].trim_start();
    }
    (bullets, rest)
}

/// The length of the list marker at the start of `text`, if a space follows it.
fn bullet(text: &str) -> Option<usize> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let marker = match text.as_bytes().get(digits)? {
        b'-' | b'*' | b'+' if digits == 0 => 1,
        b'.' | b')' if (1..=9).contains(&digits) => digits + 1,
        _ => return None,
    };
    text[marker..].starts_with(' ').then_some(marker)
}

/// Escapes one line of prose. Code spans that close on the line and links to `http` addresses are left alone.
fn escape(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some(c) = rest.chars().next() {
        let taken = code_span(rest).or_else(|| link(rest));
        if let Some(len) = taken {
            out.push_str(&rest[..len]);
            rest = &rest[len..];
        } else if let Some(len) = url(rest) {
            out.push_str(&format!("<{}>", &rest[..len]));
            rest = &rest[len..];
        } else {
            if matches!(c, '[' | ']' | '<' | '>' | '`' | '~') || (c == '\\' && rest.len() == 1) {
                out.push('\\');
            }
            out.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    out
}

/// The length of `` `code` `` at the start of `text`.
fn code_span(text: &str) -> Option<usize> {
    let inside = text.strip_prefix('`')?;
    let end = inside.find('`')?;
    let closes_alone = !inside[end + 1..].starts_with('`');
    (end > 0 && closes_alone).then_some(end + 2)
}

/// The length of `[words](http…)` at the start of `text`.
fn link(text: &str) -> Option<usize> {
    let inside = text.strip_prefix('[')?;
    let (words, target) = inside.split_once("](")?;
    let plain = !words.contains(['[', ']', '<', '>', '`']) && !words.is_empty();
    let end = target.find(')')?;
    let address = &target[..end];
    (plain && url(address) == Some(end)).then_some(words.len() + end + 4)
}

/// The length of an address at the start of `text`, without the punctuation that ends the sentence around it.
fn url(text: &str) -> Option<usize> {
    let scheme = ["https://", "http://"]
        .into_iter()
        .find(|scheme| text.starts_with(scheme))?;
    let end = text
        .find(|c: char| {
            c.is_whitespace() || matches!(c, '<' | '>' | '"' | '`' | '[' | ']' | '(' | ')' | '\\')
        })
        .unwrap_or(text.len());
    let address = text[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '*', '_']);
    (address.len() > scheme.len()).then_some(address.len())
}

#[cfg(test)]
mod tests {
    use super::rustdoc;

    #[track_caller]
    fn check(comment: &str, expect: &str) {
        assert_eq!(rustdoc(comment).join("\n"), expect);
    }

    #[test]
    fn prose_keeps_its_lines_and_loses_its_margin() {
        check(" Says hello.\n\n Twice.\n", "Says hello.\n\nTwice.");
        check("\n\n one  \n\n\n", "one");
        check("", "");
    }

    #[test]
    fn what_rustdoc_would_act_upon_is_escaped() {
        check("a [Foo] of <T>", "a \\[Foo\\] of \\<T\\>");
        check(
            "a list[0] `[ok] <ok>` and ` open",
            "a list\\[0\\] `[ok] <ok>` and \\` open",
        );
        check("> quoted", "\\> quoted");
        check("[Foo]: nowhere", "\\[Foo\\]: nowhere");
    }

    #[test]
    fn addresses_become_links() {
        check("See http://a.b/c.", "See <http://a.b/c>.");
        check(
            "See [the page](https://a.b/c).",
            "See [the page](https://a.b/c).",
        );
        check(
            "See [the page](google.protobuf.Any).",
            "See \\[the page\\](google.protobuf.Any).",
        );
        check("(https://a.b)", "(<https://a.b>)");
    }

    #[test]
    fn code_is_shown_and_never_compiled() {
        check(
            "Do:\n\n    let x = 1;\n\n      y\n\nDone",
            "Do:\n\n```text\nlet x = 1;\n\n  y\n```\n\nDone",
        );
        check("```rust\nlet x;\n```\nend", "```text\nlet x;\n```\nend");
        check("~~~\nlet x;", "```text\nlet x;\n```");
        check("~~~\n```\n", "````text\n```\n````");
        check("~~~\n~~~\nend", "end");
        check(" - ```\n   let x;", "- \\`\\`\\`\n  let x;");
    }

    #[test]
    fn a_list_stays_a_list() {
        check(
            "- one\n      more\n\n      still one\n-      two",
            "- one\n   more\n\n   still one\n- two",
        );
        check("1.      one", "1. one");
        check("* ~~~\nfn", "* \\~\\~\\~\nfn");
        check("- -      one", "- - one");
    }

    #[test]
    fn characters_that_rustc_refuses_are_dropped() {
        check("a\u{202E}b\rc\u{0}d", "abcd");
    }
}
