//! Lines of a file with their indentation. It knows no grammar.

use super::random::Random;

pub(crate) struct Text {
    text: String,
    depth: usize,
}

impl Text {
    pub(crate) fn new() -> Self {
        Self {
            text: String::new(),
            depth: 0,
        }
    }

    pub(crate) fn finish(self) -> String {
        self.text
    }

    pub(crate) fn line(&mut self, line: &str) {
        self.text.extend(std::iter::repeat_n("  ", self.depth));
        self.text.push_str(line);
        self.text.push('\n');
    }

    pub(crate) fn blank(&mut self) {
        self.text.push('\n');
    }

    /// `line {`
    pub(crate) fn open(&mut self, line: &str) {
        self.line(&format!("{line} {{"));
        self.depth += 1;
    }

    pub(crate) fn close(&mut self) {
        self.depth -= 1;
        self.line("}");
    }

    /// `line {`, and `};` at the end.
    pub(crate) fn close_literal(&mut self) {
        self.depth -= 1;
        self.line("};");
    }

    pub(crate) fn licence(&mut self) {
        self.line("// Copyright of nobody: this file was made up by a program.");
        self.line("//");
        for _ in 0..9 {
            self.line(
                "// It stands for the licence that files have at their top, which compilers skip.",
            );
        }
        self.blank();
    }

    /// A comment of some lines, now and then of two paragraphs.
    pub(crate) fn comment(&mut self, random: &mut Random) {
        for line in 0..1 + random.below(4) {
            if line == 2 {
                self.line("//");
            }
            let words: Vec<&str> = (0..6 + random.below(6)).map(|_| random.word()).collect();
            self.line(&format!("// The {}.", words.join(" ")));
        }
    }
}
