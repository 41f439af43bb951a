//! How many members a declaration may have, where `features.enforce_proto_limits` asks for it (edition 2026). Beyond these
//! numbers code that is generated for some language does not compile. The compiler's own limits are elsewhere.

use std::collections::HashMap;

use super::Checker;
use crate::schema::model::{EnforceProtoLimits, FeatureSet, MessageId, OneofId, Text};
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::span::Span;

/// `PROTO_LIMITS2026`, as protoc 36.2 enforces it.
const FIELDS_MAX: usize = 1500;
const ONEOFS_MAX: usize = 1000;
const FIELDS_OF_ONEOF_MAX: usize = 1200;
const ENUM_VALUES_MAX: usize = 1700;

/// What is counted: so many of these, in the declaration of this name.
struct Members {
    of: &'static str,
    name: Text,
    span: Span,
    what: &'static str,
    count: usize,
    max: usize,
}

impl Checker<'_> {
    pub(super) fn proto_limits(&mut self) {
        let all = self.model.files[self.file].all;
        for id in all.messages.iter() {
            let message = &self.model.messages[id];
            let members = |what, count, max| Members {
                of: "message",
                name: message.name,
                span: message.name_span,
                what,
                count,
                max,
            };
            let fields = members("fields", message.fields.len(), FIELDS_MAX);
            self.limit(message.features, fields);
            let oneofs = members("oneofs", message.oneofs.len(), ONEOFS_MAX);
            self.limit(message.features, oneofs);
            if message.fields.len() > FIELDS_OF_ONEOF_MAX {
                self.oneof_limits(id);
            }
        }
        for id in all.enums.iter() {
            let item = &self.model.enums[id];
            let members = Members {
                of: "enum",
                name: item.name,
                span: item.name_span,
                what: "values",
                count: item.values.len(),
                max: ENUM_VALUES_MAX,
            };
            self.limit(item.features, members);
        }
    }

    fn oneof_limits(&mut self, message: MessageId) {
        let mut counts: HashMap<OneofId, usize> = HashMap::new();
        for field in self.model.messages[message].fields.iter() {
            if let Some(oneof) = self.model.fields[field].oneof {
                *counts.entry(oneof).or_default() += 1;
            }
        }
        for id in self.model.messages[message].oneofs.iter() {
            let oneof = &self.model.oneofs[id];
            let members = Members {
                of: "oneof",
                name: oneof.name,
                span: oneof.name_span,
                what: "fields",
                count: counts.get(&id).copied().unwrap_or_default(),
                max: FIELDS_OF_ONEOF_MAX,
            };
            self.limit(oneof.features, members);
        }
    }

    fn limit(&mut self, features: FeatureSet, members: Members) {
        let is_limited = features.enforce_proto_limits == EnforceProtoLimits::ProtoLimits2026;
        if !is_limited || members.count <= members.max {
            return;
        }
        let Members {
            of,
            name,
            what,
            count,
            max,
            span,
        } = members;
        let text = format!("{of} `{}` has {count} {what}", self.text(name));
        let error = Diagnostic::error("too-many-members", text, span)
            .note(format!("edition 2026 allows {max} {what} in one {of}"))
            .help("split it, or set `features.enforce_proto_limits = LEGACY_NO_EXPLICIT_LIMITS`");
        self.report(error);
    }
}
