//! The paths of methods as HTTP has them, parsed once on each thread that calls them rather than once for each call.
//!
//! Never keeps more than a few, nor asks another thread.

use http::uri::PathAndQuery;
use std::cell::RefCell;

/// How many are kept. Two that fall on one place are parsed as often as they take turns.
const PATHS_MAX: usize = 64;

/// A path as a method has it, and parsed.
type Parsed = Option<(&'static str, PathAndQuery)>;

thread_local! {
    static PATHS: RefCell<[Parsed; PATHS_MAX]> = const { RefCell::new([const { None }; PATHS_MAX]) };
}

/// The path parsed.
///
/// # Panics
/// When it is none.
pub(super) fn parsed(path: &'static str) -> PathAndQuery {
    PATHS.with_borrow_mut(|paths| {
        let slot = &mut paths[place(path)];
        match slot {
            // What is at an address for ever is the same for ever.
            Some((known, parsed)) if std::ptr::eq(*known, path) => parsed.clone(),
            _ => {
                let parsed = PathAndQuery::from_static(path);
                *slot = Some((path, parsed.clone()));
                parsed
            }
        }
    })
}

/// Paths of one program are near each other, and differ in where they begin.
fn place(path: &'static str) -> usize {
    let address = path.as_ptr().addr();
    (address ^ address >> 6) % PATHS_MAX
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_path_is_itself_however_many_there_are() {
        let paths: Vec<&'static str> = (0..3 * PATHS_MAX)
            .map(|number| &*format!("/a.B/C{number}").leak())
            .collect();
        for _ in 0..2 {
            for path in &paths {
                assert_eq!(parsed(path), *path);
                assert_eq!(parsed(path), *path);
            }
        }
        // The same bytes, of which a part is another path.
        let whole = paths[0];
        assert_eq!(parsed(&whole[..4]), "/a.B");
        assert_eq!(parsed(whole), whole);
    }
}
