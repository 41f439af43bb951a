//! The name that a field has in JSON unless its `json_name` says otherwise: its own in lowerCamelCase.
//!
//! Never stored for generated messages, which would repeat every name in the program: it is made where it is needed.

use alloc::string::String;

/// `foo_bar` as `fooBar`, as descriptor.proto has it for `json_name`: underscores go, and a letter behind one is upper case.
pub(crate) fn lower_camel(name: &str) -> String {
    let mut json = String::with_capacity(name.len());
    let mut after_underscore = false;
    for letter in name.chars() {
        if letter == '_' {
            after_underscore = true;
        } else if core::mem::take(&mut after_underscore) {
            json.push(letter.to_ascii_uppercase());
        } else {
            json.push(letter);
        }
    }
    json
}

/// Whether `json` is `name` in lowerCamelCase.
pub(crate) fn is_lower_camel(json: &str, name: &str) -> bool {
    // By bytes: only ASCII letters change, so whatever else a name has is compared as it is.
    let mut json = json.bytes();
    let mut after_underscore = false;
    for letter in name.bytes() {
        if letter == b'_' {
            after_underscore = true;
            continue;
        }
        let expected = match core::mem::take(&mut after_underscore) {
            true => letter.to_ascii_uppercase(),
            false => letter,
        };
        if json.next() != Some(expected) {
            return false;
        }
    }
    json.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn underscores_become_capitals() {
        for (name, json) in [
            ("foo_bar", "fooBar"),
            ("_foo__bar_", "FooBar"),
            ("Field_name9", "FieldName9"),
            ("a_1b", "a1b"),
            ("", ""),
        ] {
            assert_eq!(lower_camel(name), json);
            assert!(is_lower_camel(json, name));
        }
        assert!(!is_lower_camel("foo_bar", "foo_bar"));
        assert!(!is_lower_camel("fooBa", "foo_bar"));
    }
}
