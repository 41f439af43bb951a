//! Which messages contain themselves: the strongly connected components of "has a field that lies inside of the struct".
//! Never follows lists and maps, which lie on the heap.

use std::collections::HashMap;

use super::declared::{Cardinality, DeclaredFile, Field, FieldType, Message};

/// The components, for all singular fields and for the required ones alone.
pub(super) struct Recursion<'a> {
    singular: Components<'a>,
    required: Components<'a>,
}

impl<'a> Recursion<'a> {
    pub(super) fn new(files: &'a [DeclaredFile]) -> Self {
        let mut all = Vec::new();
        for file in files {
            collect(&file.messages, &mut all);
        }
        Self {
            singular: Components::new(&all, |_| true),
            required: Components::new(&all, |field| field.cardinality == Cardinality::Required),
        }
    }

    /// Whether the field of `message` leads back to it, so that it has to be boxed.
    pub(super) fn needs_box(&self, message: &Message, target: &str) -> bool {
        self.singular.are_connected(&message.full_name, target)
    }

    /// Whether the required field of `message` leads back to it by way of required fields alone. No value of such a message
    /// is ever complete.
    pub(super) fn is_endless(&self, message: &Message, target: &str) -> bool {
        self.required.are_connected(&message.full_name, target)
    }
}

fn collect<'a>(messages: &'a [Message], all: &mut Vec<&'a Message>) {
    for message in messages {
        all.push(message);
        collect(&message.messages, all);
    }
}

/// The number of each message's component, where it is part of a cycle.
struct Components<'a>(HashMap<&'a str, usize>);

impl<'a> Components<'a> {
    fn new(messages: &[&'a Message], counts: impl Fn(&Field) -> bool) -> Self {
        let numbers: HashMap<&str, usize> = messages
            .iter()
            .enumerate()
            .map(|(number, message)| (message.full_name.as_str(), number))
            .collect();
        let edges = messages.iter().map(|message| {
            let targets = message
                .fields
                .iter()
                .filter(|field| counts(field))
                .filter_map(contained);
            targets
                .filter_map(|target| numbers.get(target).copied())
                .collect()
        });
        let edges: Vec<Vec<usize>> = edges.collect();
        let component = components(&edges);
        Self(
            messages
                .iter()
                .zip(component)
                .map(|(message, component)| (message.full_name.as_str(), component))
                .collect(),
        )
    }

    fn are_connected(&self, from: &str, to: &str) -> bool {
        // Of two that hold each other, each holds itself; and who holds `to` is only asked where it does.
        self.0
            .get(from)
            .is_some_and(|component| self.0.get(to) == Some(component))
    }
}

/// The message that lies inside of the struct by this field.
fn contained(field: &Field) -> Option<&str> {
    let is_list = matches!(
        field.cardinality,
        Cardinality::Repeated | Cardinality::Packed
    );
    match &field.ty {
        FieldType::Message(name) | FieldType::Group(name) if !is_list => Some(name),
        _ => None,
    }
}

/// The component of each node, by Kosaraju's algorithm: those that reach each other have the same number.
fn components(edges: &[Vec<usize>]) -> Vec<usize> {
    let mut back = vec![Vec::new(); edges.len()];
    for (from, targets) in edges.iter().enumerate() {
        for &to in targets {
            back[to].push(from);
        }
    }
    let mut order = Vec::new();
    let mut visited = vec![false; edges.len()];
    for start in 0..edges.len() {
        visit(start, edges, &mut visited, |node| order.push(node));
    }
    let mut component = vec![0; edges.len()];
    let mut visited = vec![false; edges.len()];
    for &start in order.iter().rev() {
        visit(start, &back, &mut visited, |node| component[node] = start);
    }
    component
}

/// Reports every node that `start` reaches and that was not visited, those behind it first. Without recursion of its own:
/// chains of messages can be long.
fn visit(start: usize, edges: &[Vec<usize>], visited: &mut [bool], mut leave: impl FnMut(usize)) {
    if std::mem::replace(&mut visited[start], true) {
        return;
    }
    let mut path = vec![(start, 0)];
    while let Some((node, next)) = path.last_mut() {
        match edges[*node].get(*next) {
            Some(&target) => {
                *next += 1;
                if !std::mem::replace(&mut visited[target], true) {
                    path.push((target, 0));
                }
            }
            None => {
                leave(*node);
                path.pop();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::components;

    #[test]
    fn nodes_that_reach_each_other_are_one_component() {
        // 0 -> 1 <-> 2 -> 3 -> 3, and 4 alone.
        let found = components(&[vec![1], vec![2], vec![1, 3], vec![3], vec![]]);
        assert_eq!(found[1], found[2]);
        let mut different = vec![found[0], found[1], found[3], found[4]];
        different.sort_unstable();
        different.dedup();
        assert_eq!(different.len(), 4, "{found:?}");
    }
}
