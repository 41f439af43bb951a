//! Samples by cell and implementation, printed as Markdown: medians, and our ratios to the others.
//!
//! Never measures.

use crate::process::Implementation;
use crate::stats::{median, median_ratio};
use std::collections::HashMap;
use std::fmt::Write;

/// One table.
pub(crate) struct Table {
    title: String,
    columns: Vec<Implementation>,
    rows: Vec<String>,
    samples: HashMap<(String, Implementation), Vec<f64>>,
}

impl std::hash::Hash for Implementation {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        (*self as u8).hash(state);
    }
}

impl Table {
    pub(crate) fn new(title: &str, columns: &[Implementation]) -> Table {
        Table {
            title: title.to_owned(),
            columns: columns.to_vec(),
            rows: Vec::new(),
            samples: HashMap::new(),
        }
    }

    /// Adds what one round has given. Rounds are told apart by their order.
    pub(crate) fn add(&mut self, row: &str, column: Implementation, value: f64) {
        if !self.rows.iter().any(|known| known == row) {
            self.rows.push(row.to_owned());
        }
        let samples = self.samples.entry((row.to_owned(), column)).or_default();
        samples.push(value);
    }

    fn samples(&self, row: &str, column: Implementation) -> &[f64] {
        let samples = self.samples.get(&(row.to_owned(), column));
        samples.map_or(&[], Vec::as_slice)
    }

    /// Ours against each of the others.
    fn pairs(&self) -> Vec<(Implementation, Implementation)> {
        let ours = self.columns.iter().filter(|column| column.is_ours());
        ours.flat_map(|&own| {
            let others = self.columns.iter().filter(|column| !column.is_ours());
            others.map(move |&other| (own, other))
        })
        .collect()
    }

    /// The table in Markdown.
    pub(crate) fn markdown(&self) -> String {
        let pairs = self.pairs();
        let columns = self.columns.iter().map(Implementation::to_string);
        let ratios = pairs.iter().map(|(own, other)| format!("{own} / {other}"));
        let heads: Vec<String> = columns.chain(ratios).collect();
        let mut text = format!("| {} | {} |\n|", self.title, heads.join(" | "));
        text.push_str(&" --- |".repeat(heads.len() + 1));
        text.push('\n');
        for row in &self.rows {
            let medians = self
                .columns
                .iter()
                .map(|&column| cell(median(self.samples(row, column))));
            let ratios = pairs.iter().map(|&(own, other)| {
                let ratio = median_ratio(self.samples(row, own), self.samples(row, other));
                ratio.map_or("-".to_owned(), |ratio| format!("{ratio:.2}"))
            });
            let cells: Vec<String> = medians.chain(ratios).collect();
            let _ = writeln!(text, "| {row} | {} |", cells.join(" | "));
        }
        text
    }
}

/// Three digits that matter; `-` where there is no figure.
fn cell(value: Option<f64>) -> String {
    match value {
        None => "-".to_owned(),
        Some(value) if value >= 100.0 => format!("{value:.0}"),
        Some(value) if value >= 10.0 => format!("{value:.1}"),
        Some(value) if value >= 1.0 => format!("{value:.2}"),
        Some(value) => format!("{value:.3}"),
    }
}
