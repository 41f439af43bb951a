//! The JSON form of `google.protobuf.FieldMask`: paths in lowerCamelCase, joined by commas.
//!
//! Never changes a path silently: a path whose camelCase form would not read back is refused, as field_mask.proto asks.

use alloc::string::String;

/// `foo_bar.baz_qux` as `fooBar.bazQux`; `None` for a path that would not come back the same.
pub(super) fn to_camel(path: &str) -> Option<String> {
    let mut camel = String::with_capacity(path.len());
    let mut after_underscore = false;
    for character in path.chars() {
        match (after_underscore, character) {
            (false, '_') => after_underscore = true,
            (true, 'a'..='z') => {
                camel.push(character.to_ascii_uppercase());
                after_underscore = false;
            }
            // A digit, a second underscore or a dot has no upper case to hold the underscore.
            (true, _) | (false, 'A'..='Z') => return None,
            (false, _) => camel.push(character),
        }
    }
    (!after_underscore).then_some(camel)
}

/// `fooBar.bazQux` as `foo_bar.baz_qux`; `None` for a path that is not camelCase.
pub(super) fn to_snake(path: &str) -> Option<String> {
    let mut snake = String::with_capacity(path.len());
    for character in path.chars() {
        match character {
            'A'..='Z' => {
                snake.push('_');
                snake.push(character.to_ascii_lowercase());
            }
            'a'..='z' | '0'..='9' | '.' => snake.push(character),
            _ => return None,
        }
    }
    Some(snake)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_change_case_both_ways() {
        for (snake, camel) in [
            ("foo", "foo"),
            ("bar_baz", "barBaz"),
            ("a_b.c_d", "aB.cD"),
            ("x1", "x1"),
        ] {
            assert_eq!(to_camel(snake).as_deref(), Some(camel));
            assert_eq!(to_snake(camel).as_deref(), Some(snake));
        }
    }

    #[test]
    fn paths_that_would_not_come_back_are_refused() {
        for path in ["fooBar", "foo_3_bar", "foo__bar", "foo_", "foo_.bar"] {
            assert_eq!(to_camel(path), None, "{path}");
        }
        for path in ["bar_bar", "foo bar", "foo-bar"] {
            assert_eq!(to_snake(path), None, "{path}");
        }
    }
}
