//! Draws the tables of a results page as bar charts, one SVG for each table, in a folder with the page's name.
//!
//! Never measures, and draws figures only: the ratios stay in the page.

use clap::Parser;
use std::fmt::Write;
use std::path::PathBuf;
use std::{error, fs};

#[derive(Parser)]
struct Options {
    /// A page in Markdown.
    page: PathBuf,
}

/// A table of a page.
struct Table {
    title: String,
    columns: Vec<String>,
    rows: Vec<Row>,
}

struct Row {
    name: String,
    /// As the page has them; a dash is none.
    cells: Vec<String>,
}

fn main() -> Result<(), Box<dyn error::Error>> {
    let Options { page } = Options::parse();
    let folder = page.with_extension("");
    fs::create_dir_all(&folder)?;
    for table in tables(&fs::read_to_string(&page)?) {
        let path = folder.join(format!("{}.svg", slug(&table.title)));
        fs::write(&path, chart(&table))?;
        println!("{}", path.display());
    }
    Ok(())
}

/// A file name made of a title.
fn slug(title: &str) -> String {
    let words = title.split(|c: char| !c.is_ascii_alphanumeric());
    let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
    words.join("-").to_lowercase()
}

fn cells(line: &str) -> Option<Vec<String>> {
    let inner = line.trim().strip_prefix('|')?.strip_suffix('|')?;
    Some(
        inner
            .split('|')
            .map(|cell| cell.trim().to_owned())
            .collect(),
    )
}

/// The tables whose first column names rows and whose others are figures.
fn tables(page: &str) -> Vec<Table> {
    let mut tables: Vec<Table> = Vec::new();
    let mut is_inside = false;
    for line in page.lines() {
        let Some(cells) = cells(line) else {
            is_inside = false;
            continue;
        };
        let Some((first, rest)) = cells.split_first() else {
            continue;
        };
        if !is_inside {
            is_inside = true;
            tables.push(Table {
                title: first.clone(),
                columns: rest.to_vec(),
                rows: Vec::new(),
            });
        } else if let Some(table) = tables.last_mut().filter(|_| !first.starts_with("---")) {
            table.rows.push(Row {
                name: first.clone(),
                cells: rest.to_vec(),
            });
        }
    }
    tables
}

const WIDTH: usize = 900;
const NAME_WIDTH: usize = 250;
const BAR_WIDTH_MAX: f64 = 520.0;
const BAR_HEIGHT: usize = 14;
const GAP: usize = 12;
const TOP: usize = 64;
const COLOURS: [&str; 6] = [
    "#1b6ca8", "#63a4d4", "#9a9a9a", "#d9822b", "#7b5ea7", "#4f9d69",
];

/// Bars side by side; those of a row are drawn to the row's own scale, because rows differ by orders of magnitude.
fn chart(table: &Table) -> String {
    let drawn: Vec<usize> = (0..table.columns.len())
        .filter(|&column| !table.columns[column].contains(" / "))
        .collect();
    let row_height = drawn.len() * BAR_HEIGHT + GAP;
    let height = TOP + table.rows.len() * row_height;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" \
         font-family=\"sans-serif\" font-size=\"11\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n\
         <text x=\"10\" y=\"22\" font-size=\"15\">{}</text>\n",
        escaped(&table.title)
    );
    legend(&mut svg, table, &drawn);
    for (index, row) in table.rows.iter().enumerate() {
        let top = TOP + index * row_height;
        let middle = top + drawn.len() * BAR_HEIGHT / 2 + 4;
        let name = escaped(&row.name);
        let _ = writeln!(svg, "<text x=\"10\" y=\"{middle}\">{name}</text>");
        bars(&mut svg, row, &drawn, top);
    }
    svg.push_str("</svg>\n");
    svg
}

fn legend(svg: &mut String, table: &Table, drawn: &[usize]) {
    let mut x = 10;
    for (place, &column) in drawn.iter().enumerate() {
        let (name, colour) = (&table.columns[column], COLOURS[place % COLOURS.len()]);
        let _ = writeln!(
            svg,
            "<rect x=\"{x}\" y=\"36\" width=\"12\" height=\"12\" fill=\"{colour}\"/>\
             <text x=\"{}\" y=\"46\">{}</text>",
            x + 16,
            escaped(name)
        );
        x += 40 + 7 * name.len();
    }
}

fn bars(svg: &mut String, row: &Row, drawn: &[usize], top: usize) {
    let value = |column: usize| row.cells.get(column)?.parse::<f64>().ok();
    let largest = drawn
        .iter()
        .filter_map(|&column| value(column))
        .fold(0.0, f64::max);
    for (place, &column) in drawn.iter().enumerate() {
        let Some(value) = value(column) else { continue };
        let width = value / largest * BAR_WIDTH_MAX;
        let y = top + place * BAR_HEIGHT;
        let _ = writeln!(
            svg,
            "<rect x=\"{NAME_WIDTH}\" y=\"{y}\" width=\"{width:.1}\" height=\"{}\" fill=\"{}\"/>\
             <text x=\"{:.1}\" y=\"{}\">{}</text>",
            BAR_HEIGHT - 2,
            COLOURS[place % COLOURS.len()],
            NAME_WIDTH as f64 + width + 5.0,
            y + BAR_HEIGHT - 4,
            escaped(&row.cells[column])
        );
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "text\n\n| us/call | a | b | a / b |\n| --- | --- | --- | --- |\n| 1 x 1 | 2.5 | - | - |\n\nmore\n";

    #[test]
    fn tables_are_found_and_ratios_and_dashes_are_not_drawn() {
        let tables = tables(PAGE);
        assert_eq!(tables.len(), 1);
        assert_eq!(tables[0].columns, ["a", "b", "a / b"]);
        let svg = chart(&tables[0]);
        assert_eq!(svg.matches("2.5</text>").count(), 1);
        assert_eq!(svg.matches("fill=\"#").count(), 3, "two keys and a bar");
    }

    #[test]
    fn titles_become_file_names() {
        assert_eq!(slug("server CPU, us/call"), "server-cpu-us-call");
    }
}
