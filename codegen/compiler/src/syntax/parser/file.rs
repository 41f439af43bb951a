//! The file and its top-level statements, save messages, enums and services. It reads no block.

use super::{Parsed, Parser, Reported, expect, faults};
use crate::syntax::ast::{
    Dialect, Edition, File, Import, ImportKind, Item, Lost, Package, Syntax, Visibility,
    VisibilityModifier,
};
use crate::syntax::lexer::TokenKind;
use crate::syntax::source::FileId;
use crate::syntax::span::Span;

/// Statements a file may hold, for recognising misspelt ones.
const STATEMENTS: &[&str] = &[
    "message", "enum", "service", "extend", "import", "package", "option", "syntax", "edition",
];

/// What later statements of a file depend on.
#[derive(Default)]
struct Seen {
    package: Option<Span>,
    option_import: Option<Span>,
}

impl Parser<'_> {
    pub(super) fn file(&mut self, id: FileId) -> File {
        let first = self.peek().span;
        let syntax = self.syntax();
        let mut seen = Seen::default();
        let mut items = Vec::new();
        while !self.at_end() {
            match self.statement(|parser| parser.item(&mut seen)) {
                Some(item) => items.extend(item),
                None => self.lose(Lost::Types),
            }
        }
        File {
            source: id,
            span: self.since(first),
            syntax,
            dialect: self.dialect,
            items,
            lost: self.lost,
        }
    }

    /// `syntax = "proto3";` or `edition = "2023";`, which only the first statement can be.
    fn syntax(&mut self) -> Option<Syntax> {
        if !self.at_word("syntax") && !self.at_word("edition") {
            let start = Span::at(self.source.base());
            self.report(faults::no_syntax(start));
            return None;
        }
        let syntax = self.statement(Self::syntax_statement);
        if syntax.is_none() {
            self.lose(Lost::Dialect);
        }
        syntax
    }

    fn syntax_statement(&mut self) -> Parsed<Syntax> {
        let keyword = self.bump();
        let is_edition = self.text(keyword) == b"edition";
        self.symbol(b'=', &expect::SYNTAX_EQUALS)?;
        let before = self.at;
        let value = self.string(&expect::SYNTAX_VALUE)?;
        let name = String::from_utf8_lossy(&value.value);
        let dialect = if is_edition {
            edition(&name).map(Dialect::Edition)
        } else {
            syntax(&name)
        };
        match dialect {
            Some(dialect) => self.dialect = dialect,
            None => {
                if !self.lexer_complained_within(before, self.at) {
                    self.report(match is_edition {
                        true => faults::unknown_edition(&name, value.span),
                        false => faults::unknown_syntax(&name, value.span),
                    });
                }
                self.lose(Lost::Dialect);
            }
        }
        let comments = self.end_of_declaration(b';', &expect::SYNTAX_END)?;
        Ok(Syntax {
            span: self.since(keyword.span),
            value,
            comments,
        })
    }

    fn item(&mut self, seen: &mut Seen) -> Parsed<Option<Item>> {
        if self.empty_statement() || self.unmatched_brace() {
            return Ok(None);
        }
        let visibility = self.visibility()?;
        let item = match self.word() {
            b"message" => Item::Message(self.message(visibility)?),
            b"enum" => Item::Enum(self.enumeration(visibility)?),
            b"service" => Item::Service(self.service()?),
            b"extend" => Item::Extend(self.extend()?),
            b"import" => Item::Import(self.import(seen)?),
            b"package" => Item::Package(self.package(seen)?),
            b"option" => Item::Option(self.option_statement()?),
            _ => return Err(self.not_top_level()),
        };
        Ok(Some(item))
    }

    fn unmatched_brace(&mut self) -> bool {
        let found = self.at_symbol(b'}');
        if found {
            self.complain(faults::unmatched_brace(self.peek().span));
            self.lose(Lost::Types);
            self.end_of_block();
        }
        found
    }

    fn not_top_level(&mut self) -> Reported {
        let token = self.peek();
        let word = String::from_utf8_lossy(self.word());
        if matches!(&*word, "syntax" | "edition") {
            return self.complain(faults::late_syntax(&word, token.span));
        }
        let found = faults::describe(self.source, token);
        let fault = faults::not_top_level(&found, token.span);
        match similar(&word, STATEMENTS) {
            Some(statement) => self.complain(fault.help(format!("did you mean `{statement}`?"))),
            None => self.complain(fault),
        }
    }

    /// `export` or `local` before a message or enum. Before edition 2024 these are ordinary names.
    pub(super) fn visibility(&mut self) -> Parsed<Option<VisibilityModifier>> {
        let visibility = match self.word() {
            b"export" => Visibility::Export,
            b"local" => Visibility::Local,
            _ => return Ok(None),
        };
        if self.dialect.number() < Edition::Edition2024.number() {
            return self.early_visibility();
        }
        let modifier = self.bump();
        if !matches!(self.word(), b"message" | b"enum") {
            let word = self.source.text(modifier.span);
            let at = self.peek().span;
            return Err(self.complain(faults::misplaced_visibility(word, modifier.span, at)));
        }
        Ok(Some(VisibilityModifier {
            span: modifier.span,
            visibility,
        }))
    }

    /// Tells `export message Name {` from a field whose type is called `export`.
    fn early_visibility(&mut self) -> Parsed<Option<VisibilityModifier>> {
        let is_definition = [(1, "message"), (1, "enum")].iter().any(|&(ahead, word)| {
            let keyword = self.tokens.get(self.at + ahead);
            let name = self.tokens.get(self.at + ahead + 1);
            keyword.is_some_and(|token| self.text(*token) == word.as_bytes())
                && name.is_some_and(|token| token.kind == TokenKind::Identifier)
        });
        if !is_definition {
            return Ok(None);
        }
        // In a message protoc takes the word for a type and `message` for a field name, and complains where it misses
        // either a label or a number.
        let name = self.tokens[self.at + 2].span;
        let labels_optional = self.message_depth > 0 && self.dialect != Dialect::Proto2;
        let at = self.peek().span;
        let anchor = if labels_optional { name } else { at };
        let word = self.source.text(at);
        self.complain(faults::early_visibility(word, at, anchor));
        self.bump();
        Ok(None)
    }

    fn package(&mut self, seen: &mut Seen) -> Parsed<Package> {
        let keyword = self.peek().span;
        if let Some(first) = seen.package {
            self.complain(faults::second_package(keyword, first));
        }
        seen.package.get_or_insert(keyword);
        self.bump();
        let name = self.dotted(&expect::PACKAGE_NAME, &expect::PACKAGE_PART)?;
        let comments = self.end_of_declaration(b';', &expect::PACKAGE_END)?;
        Ok(Package {
            span: self.since(keyword),
            name,
            comments,
        })
    }

    fn import(&mut self, seen: &mut Seen) -> Parsed<Import> {
        let keyword = self.bump().span;
        let at = self.peek().span;
        let kind = match self.word() {
            b"public" => ImportKind::Public,
            b"weak" => ImportKind::Weak,
            b"option" => ImportKind::Option,
            _ => ImportKind::Plain,
        };
        self.check_import(kind, keyword, seen);
        let modifier = (kind != ImportKind::Plain).then(|| self.bump().span);
        let first = self.at;
        let path = self.string(&expect::IMPORT_PATH)?;
        if self.lexer_complained_within(first, self.at - 1) {
            return Err(Reported);
        }
        if kind == ImportKind::Option {
            seen.option_import.get_or_insert(keyword.to(at));
        }
        let comments = self.end_of_declaration(b';', &expect::IMPORT_END)?;
        Ok(Import {
            span: self.since(keyword),
            kind,
            modifier,
            path,
            comments,
        })
    }

    fn check_import(&mut self, kind: ImportKind, keyword: Span, seen: &Seen) {
        let at = self.peek().span;
        let has_option_imports = self.dialect.number() >= Edition::Edition2024.number();
        match (kind, seen.option_import) {
            _ if !self.dialect_is_known() => {}
            (ImportKind::Option, _) if !has_option_imports => {
                self.complain(faults::early_option_import(at));
            }
            (ImportKind::Option, _) => {}
            (_, Some(earlier)) => {
                self.complain(faults::late_import(keyword, at, earlier));
            }
            (ImportKind::Weak, None) if has_option_imports => {
                self.complain(faults::weak_import(at));
            }
            _ => {}
        }
    }
}

fn syntax(name: &str) -> Option<Dialect> {
    match name {
        "proto2" => Some(Dialect::Proto2),
        "proto3" => Some(Dialect::Proto3),
        _ => None,
    }
}

/// The values of `enum Edition` (descriptor.proto) that a file may ask for. Which of them can be compiled is decided
/// with their features.
fn edition(name: &str) -> Option<Edition> {
    Some(match name {
        "LEGACY" => Edition::Legacy,
        "1_TEST_ONLY" => Edition::TestOnly1,
        "2_TEST_ONLY" => Edition::TestOnly2,
        "2023" => Edition::Edition2023,
        "2024" => Edition::Edition2024,
        "2026" => Edition::Edition2026,
        "UNSTABLE" => Edition::Unstable,
        "99997_TEST_ONLY" => Edition::TestOnly99997,
        "99998_TEST_ONLY" => Edition::TestOnly99998,
        "99999_TEST_ONLY" => Edition::TestOnly99999,
        "MAX" => Edition::Max,
        _ => return None,
    })
}

/// The candidate that differs from `word` by at most two letters.
fn similar<'c>(word: &str, candidates: &[&'c str]) -> Option<&'c str> {
    const DISTANCE_MAX: usize = 2;
    let near = candidates
        .iter()
        .map(|candidate| (distance(word, candidate), *candidate));
    let (distance, candidate) = near.min()?;
    (word.len() > DISTANCE_MAX && distance <= DISTANCE_MAX).then_some(candidate)
}

/// Letters to insert, delete or replace to get from one word to the other.
fn distance(from: &str, to: &str) -> usize {
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.bytes().take(32).enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in to.bytes().enumerate() {
            let replaced = diagonal + (a != b) as usize;
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[to.len()]
}
