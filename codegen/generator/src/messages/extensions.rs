//! Extensions: statics beside the messages of their scope. Never in a message's struct, whose unknown fields keep them.

use super::TYPES;
use super::declared::{Cardinality, Extension as Declared};
use super::fields::{self, Held};
use super::names::Home;
use super::plan::{Extension, Head, Planner, Shape};
use crate::names::{Scope, screaming_snake_case};

/// The statics of the extensions that are declared in the module `home`; none where messages have no reflection.
pub(super) fn plan(
    planner: &Planner<'_>,
    home: &Home<'_>,
    declared: &[Declared],
) -> Vec<Extension> {
    if !planner.options.reflection {
        // A static reads and sets its extension by reflection.
        return Vec::new();
    }
    let mut scope = Scope::default();
    scope.reserve(TYPES);
    let planned = declared.iter().map(|declared| {
        let field = &declared.field;
        let default = field.default.as_ref();
        Extension {
            head: Head::new(&field.comment, field.deprecated, Vec::new()),
            name: scope.claim(&screaming_snake_case(&field.name)),
            full_name: declared.full_name.clone(),
            number: field.number,
            extendee: declared.extendee.clone(),
            extendee_path: planner.names.path(home, &declared.extendee),
            shape: match field.cardinality {
                Cardinality::Repeated => Shape::Repeated,
                Cardinality::Packed => Shape::Packed,
                Cardinality::Implicit | Cardinality::Optional | Cardinality::Required => {
                    Shape::Optional
                }
            },
            kind: fields::kind(planner, home, &field.ty, Held::default()),
            default: default
                .and_then(|_| fields::default(planner, home, field))
                .map(|default| default.value_ref),
            marks: fields::marks(field),
        }
    });
    planned.collect()
}
