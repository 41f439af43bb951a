//! Settings of single methods and of whole services, by name.
//!
//! Never says what a setting means, nor which of two wins.

use std::collections::HashMap;

/// Settings by method or service. A method's name is its path with or without the `/` in front, as in
/// `hello.HelloService/SayHello`; a service's name is its full name, as in `hello.HelloService`.
#[derive(Clone, Debug)]
pub(crate) struct PerMethod<T> {
    by_name: HashMap<String, T>,
}

impl<T> Default for PerMethod<T> {
    fn default() -> Self {
        PerMethod {
            by_name: HashMap::new(),
        }
    }
}

impl<T> PerMethod<T> {
    pub(crate) fn set(&mut self, name: String, settings: T) {
        let name = without_slash(&name).to_owned();
        self.by_name.insert(name, settings);
    }

    /// What was set under this very name.
    pub(crate) fn of(&self, name: &str) -> Option<&T> {
        self.by_name.get(without_slash(name))
    }

    /// What was set for the method of this path and for its service, the method's first.
    pub(crate) fn of_call(&self, path: &str) -> impl Iterator<Item = &T> {
        // Nearly always there is nothing to be found.
        let path = Some(path).filter(|_| !self.by_name.is_empty());
        let service = path.and_then(|path| path.rsplit_once('/'));
        [path, service.map(|(service, _)| service)]
            .into_iter()
            .flatten()
            .filter_map(|name| self.of(name))
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.by_name.keys().map(String::as_str)
    }
}

fn without_slash(name: &str) -> &str {
    name.strip_prefix('/').unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_method_comes_before_its_service_and_nothing_else_is_found() {
        let mut settings = PerMethod::default();
        settings.set("a.B".to_owned(), "service");
        settings.set("/a.B/C".to_owned(), "method");
        let of = |path| settings.of_call(path).copied().collect::<Vec<_>>();
        assert_eq!(of("/a.B/C"), ["method", "service"]);
        assert_eq!(of("/a.B/D"), ["service"]);
        assert_eq!(of("/a.BB/C"), Vec::<&str>::new());
        assert_eq!(settings.of("a.B/C"), Some(&"method"));
        assert_eq!(PerMethod::<()>::default().of_call("/a.B/C").count(), 0);
    }
}
