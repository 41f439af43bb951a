//! What the rounds have given, in Markdown: medians, and the medians of the ratios within rounds. Never averages: one disturbed
//! round must not move a figure.

/// A table whose first column of figures is compared with the others.
pub(crate) struct Table {
    columns: Vec<String>,
    rows: Vec<Row>,
}

/// The figures of each column, round by round.
struct Row {
    name: String,
    samples: Vec<Vec<f64>>,
}

impl Table {
    pub(crate) fn new(columns: impl IntoIterator<Item = &'static str>) -> Self {
        Self {
            columns: columns.into_iter().map(str::to_owned).collect(),
            rows: Vec::new(),
        }
    }

    /// Adds a row and prints nothing; `samples` are by column and by round.
    pub(crate) fn add(&mut self, name: String, samples: Vec<Vec<f64>>) {
        self.rows.push(Row { name, samples });
    }

    /// How many times the first column's figure the others are stands behind the figures.
    pub(crate) fn markdown(&self, title: &str) -> String {
        let others = self.columns.iter().skip(1);
        let ratios = others.map(|other| format!("{other} / {}", self.columns[0]));
        let heads: Vec<String> = self.columns.iter().cloned().chain(ratios).collect();
        let mut text = format!("| {title} | {} |\n|", heads.join(" | "));
        text.push_str(&" --- |".repeat(heads.len() + 1));
        for row in &self.rows {
            let medians = row
                .samples
                .iter()
                .map(|column| cell(median(column.clone())));
            let ratios = row.samples.iter().skip(1).map(|other| {
                let pairs = other.iter().zip(&row.samples[0]);
                format!(
                    "{:.2}",
                    median(pairs.map(|(other, own)| other / own).collect())
                )
            });
            let cells: Vec<String> = medians.chain(ratios).collect();
            text.push_str(&format!("\n| {} | {} |", row.name, cells.join(" | ")));
        }
        text
    }
}

/// The middle figure, or the higher of the two; NaN of nothing.
fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Three digits that matter.
fn cell(value: f64) -> String {
    match value {
        100.0.. => format!("{value:.0}"),
        10.0.. => format!("{value:.1}"),
        1.0.. => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}
