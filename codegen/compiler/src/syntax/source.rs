//! The source map: every file of a run in one `u32` offset space. It never reads a file.

use std::borrow::Cow;
use std::sync::OnceLock;

use super::ast::Path;
use super::span::Span;

/// Index of a file in its [`SourceMap`], in loading order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A tab goes to the next multiple of this (`kTabWidth`, tokenizer.cc).
const TAB_WIDTH: u32 = 8;

/// Zero-based position in a file, as protoc counts it.
///
/// Columns are bytes, except that a tab advances to the next multiple of eight (`io::Tokenizer`, `kTabWidth`).
/// Descriptors carry these numbers; diagnostics print both plus one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LineColumn {
    /// Zero-based line.
    pub line: u32,
    /// Zero-based column.
    pub column: u32,
}

/// All files of one run.
#[derive(Debug, Default)]
pub struct SourceMap {
    files: Vec<SourceFile>,
    end: u32,
}

/// One file: its virtual path, its bytes and where it lies in the offset space.
#[derive(Debug)]
pub struct SourceFile {
    path: String,
    text: Vec<u8>,
    base: u32,
    lines: OnceLock<Lines>,
}

/// Where lines begin, and what tabs do to columns.
#[derive(Debug)]
struct Lines {
    starts: Vec<u32>,
    /// By offset. Lines may be long, so no column is counted from the start of its line.
    tabs: Vec<Tab>,
}

#[derive(Clone, Copy, Debug)]
struct Tab {
    at: u32,
    /// The column behind it.
    column: u32,
}

/// The files of one run do not fit into the 4 GiB offset space.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SourceMapFull;

impl SourceMap {
    /// A map without files.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file under its virtual path.
    ///
    /// # Errors
    /// When all files together would exceed 4 GiB.
    pub fn add(&mut self, path: impl Into<String>, text: Vec<u8>) -> Result<FileId, SourceMapFull> {
        let base = self.end;
        // One offset is kept between files, so that the end of a file is not the start of the next.
        let size = u32::try_from(text.len()).map_err(|_| SourceMapFull)?;
        let end = base.checked_add(size).and_then(|end| end.checked_add(1));
        self.end = end.ok_or(SourceMapFull)?;
        let id = FileId(self.files.len() as u32);
        self.files.push(SourceFile {
            path: path.into(),
            text,
            base,
            lines: OnceLock::new(),
        });
        Ok(id)
    }

    /// The file with this id.
    ///
    /// # Panics
    /// When the id comes from another map.
    pub fn file(&self, id: FileId) -> &SourceFile {
        &self.files[id.0 as usize]
    }

    /// All files, in loading order.
    pub fn files(&self) -> impl ExactSizeIterator<Item = &SourceFile> {
        self.files.iter()
    }

    /// The file that holds a span.
    ///
    /// # Panics
    /// When the map is empty.
    pub fn file_at(&self, span: Span) -> FileId {
        let after = self.files.partition_point(|file| file.base <= span.start);
        FileId(after.checked_sub(1).expect("a span lies in some file") as u32)
    }
}

impl SourceFile {
    /// Virtual path: the name other files import it by.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The whole text. Protobuf sources are bytes; protoc reads them without checking UTF-8.
    pub fn bytes(&self) -> &[u8] {
        &self.text
    }

    /// Offset of the file's first byte.
    pub fn base(&self) -> u32 {
        self.base
    }

    /// Span of the whole file.
    pub fn span(&self) -> Span {
        Span::new(self.base, self.base + self.text.len() as u32)
    }

    /// The bytes of a span.
    ///
    /// # Panics
    /// When the span lies in another file.
    pub fn slice(&self, span: Span) -> &[u8] {
        &self.text[(span.start - self.base) as usize..(span.end - self.base) as usize]
    }

    /// The text of a token that is ASCII by the lexer's rules: an identifier, a number, a keyword.
    /// Anything that is not UTF-8 reads as empty.
    ///
    /// # Panics
    /// When the span lies in another file.
    pub fn text(&self, span: Span) -> &str {
        std::str::from_utf8(self.slice(span)).unwrap_or_default()
    }

    /// The text of a dotted name, without white space and comments between its parts.
    ///
    /// # Panics
    /// When the path lies in another file.
    pub fn path_text(&self, path: Path) -> Cow<'_, str> {
        let raw = self.text(path.span);
        if path.contiguous {
            return Cow::Borrowed(raw);
        }
        Cow::Owned(super::comments::without_trivia(self.slice(path.span)))
    }

    /// Zero-based line and column of an offset.
    pub fn position(&self, offset: u32) -> LineColumn {
        let lines = self.lines();
        let local = offset - self.base;
        let line = lines.starts.partition_point(|&start| start <= local) - 1;
        self.position_on(lines, line, local)
    }

    /// Like [`position`](Self::position), trying `hint` and the lines after it first.
    /// Walking a file forwards with the previous answer as the hint costs no search.
    pub fn position_near(&self, offset: u32, hint: u32) -> LineColumn {
        let lines = self.lines();
        let local = offset - self.base;
        let from = hint as usize;
        let near = lines.starts.get(from..lines.starts.len().min(from + 8));
        let line = match near {
            Some([first, rest @ ..]) if *first <= local => {
                let ahead = rest.iter().take_while(|&&start| start <= local).count();
                if ahead < rest.len() || from + ahead + 1 == lines.starts.len() {
                    from + ahead
                } else {
                    return self.position(offset);
                }
            }
            _ => return self.position(offset),
        };
        self.position_on(lines, line, local)
    }

    fn position_on(&self, lines: &Lines, line: usize, local: u32) -> LineColumn {
        let start = lines.starts[line];
        let column = lines.column(start, local);
        LineColumn {
            line: line as u32,
            column,
        }
    }

    /// Span of a zero-based line, without its line break.
    ///
    /// # Panics
    /// When the file has fewer lines.
    pub fn line_span(&self, line: u32) -> Span {
        let starts = &self.lines().starts;
        let start = starts[line as usize];
        let end = match starts.get(line as usize + 1) {
            Some(next) => next - 1,
            None => self.text.len() as u32,
        };
        Span::new(self.base + start, self.base + end)
    }

    fn lines(&self) -> &Lines {
        self.lines.get_or_init(|| Lines::of(&self.text))
    }
}

impl Lines {
    fn of(text: &[u8]) -> Self {
        let breaks = memchr::memchr_iter(b'\n', text);
        let starts = std::iter::once(0).chain(breaks.map(|at| at as u32 + 1));
        let mut lines = Self {
            starts: starts.collect(),
            tabs: Vec::new(),
        };
        let mut line = 0;
        for at in memchr::memchr_iter(b'\t', text) {
            let at = at as u32;
            while lines.starts.get(line + 1).is_some_and(|&next| next <= at) {
                line += 1;
            }
            let column = lines.column(lines.starts[line], at);
            lines.tabs.push(Tab {
                at,
                column: column + TAB_WIDTH - column % TAB_WIDTH,
            });
        }
        lines
    }

    /// Column of an offset in the line that begins at `start`.
    fn column(&self, start: u32, offset: u32) -> u32 {
        let before = self.tabs.partition_point(|tab| tab.at < offset);
        let last = before.checked_sub(1).map(|index| self.tabs[index]);
        match last.filter(|tab| tab.at >= start) {
            Some(tab) => tab.column + (offset - tab.at - 1),
            None => offset - start,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(line: u32, column: u32) -> LineColumn {
        LineColumn { line, column }
    }

    #[test]
    fn tabs_advance_to_multiples_of_eight() {
        let mut map = SourceMap::new();
        let id = map.add("a.proto", b"a\tb\n\t\tc".to_vec()).unwrap();
        let file = map.file(id);
        assert_eq!(file.position(1), at(0, 1));
        assert_eq!(file.position(2), at(0, 8));
        assert_eq!(file.position(3), at(0, 9));
        assert_eq!(file.position(5), at(1, 8));
        assert_eq!(file.position(6), at(1, 16));
    }

    #[test]
    fn hints_change_the_cost_and_not_the_answer() {
        let mut map = SourceMap::new();
        let text = b"\n\nab\n\n\n\n\n\n\n\n\n\n\nxyz\n".to_vec();
        let size = text.len() as u32;
        map.add("first.proto", b"first".to_vec()).unwrap();
        let id = map.add("a.proto", text).unwrap();
        let file = map.file(id);
        for offset in 6..=6 + size {
            for hint in 0..20 {
                assert_eq!(file.position_near(offset, hint), file.position(offset));
            }
        }
    }

    #[test]
    fn a_span_names_its_file() {
        let mut map = SourceMap::new();
        let first = map.add("a.proto", b"one".to_vec()).unwrap();
        let second = map.add("b.proto", b"two".to_vec()).unwrap();
        assert_eq!(map.file_at(Span::at(3)), first);
        assert_eq!(map.file_at(map.file(second).span()), second);
        assert_eq!(map.file(second).text(map.file(second).span()), "two");
    }
}
