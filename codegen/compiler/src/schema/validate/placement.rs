//! Where features may stand: which make sense for which files and fields. Only editions have any
//! (`ValidateFileFeatures`, `ValidateFieldFeatures`, descriptor.cc).

use super::Checker;
use crate::schema::model::{
    EnumType, Field, FieldId, FieldPresence, FieldType, Label, RepeatedFieldEncoding, Scalar,
};
use crate::schema::options::MessageValue;
use crate::syntax::diagnostic::Diagnostic;

/// Fields of `FeatureSet`.
const FIELD_PRESENCE: i32 = 1;
const REPEATED_FIELD_ENCODING: i32 = 3;
const UTF8_VALIDATION: i32 = 4;
const MESSAGE_ENCODING: i32 = 5;

/// Fields of options that features have replaced.
const FEATURES: i32 = 21;
const PACKED: i32 = 2;
const JAVA_STRING_CHECK_UTF8: i32 = 27;

impl Checker<'_> {
    pub(super) fn features(&mut self) {
        if self.model.files[self.file].edition.is_legacy() {
            return;
        }
        self.file_features();
        for id in self.model.files[self.file].all.fields.iter() {
            self.field_options(id);
            self.resolved_features(id);
            let field = &self.model.fields[id];
            let is_in_map_entry = field
                .parent
                .is_some_and(|parent| self.model.messages[parent].is_map_entry);
            // Those of entries are copies of the map field's, which is checked itself.
            if !is_in_map_entry && let Some(own) = self.options(field.options).message(FEATURES) {
                for error in explicit_features(self, field, own) {
                    self.report(error);
                }
            }
        }
    }

    fn file_features(&mut self) {
        let file = &self.model.files[self.file];
        if file.features.field_presence == FieldPresence::LegacyRequired {
            let text = "required presence can't be specified by default";
            self.report(Diagnostic::error(
                "required-by-default",
                text,
                file.edition_span,
            ));
        }
        if self.options(file.options).flag(JAVA_STRING_CHECK_UTF8) {
            let text = "file option `java_string_check_utf8` is not allowed under editions";
            let error =
                Diagnostic::error("java-string-check-utf8-removed", text, file.edition_span);
            self.report(error.help("use the feature `(pb.java).utf8_validation`"));
        }
    }

    fn field_options(&mut self, id: FieldId) {
        let field = &self.model.fields[id];
        if self.options(field.options).has(PACKED) {
            let text = "field option `packed` is not allowed under editions";
            let error = Diagnostic::error("packed-removed", text, field.name_span);
            self.report(error.help("use the feature `repeated_field_encoding`"));
        }
    }

    fn resolved_features(&mut self, id: FieldId) {
        let field = &self.model.fields[id];
        // Members of oneofs, extensions and repeated fields take no notice of what their file says.
        let is_implicit = field.features.field_presence == FieldPresence::Implicit
            && field.label == Label::Optional
            && field.oneof.is_none()
            && !field.is_extension();
        if is_implicit && let Some(default) = &field.default {
            let text = "fields with implicit presence can't specify defaults";
            let error = Diagnostic::error("implicit-default", text, default.span);
            self.report(
                error
                    .anchored(field.name_span)
                    .help("remove `default`, or set `features.field_presence = EXPLICIT`"),
            );
        }
        if let Some(ty) = field.enum_type()
            && is_implicit
            && self.model.enums[ty].features.enum_type == EnumType::Closed
        {
            let text = "enum fields with implicit presence must be open";
            let error = Diagnostic::error("implicit-closed-enum", text, field.name_span)
                .also(self.model.enums[ty].name_span, "this enum is closed");
            self.report(error);
        }
        let is_required = field.features.field_presence == FieldPresence::LegacyRequired;
        if field.is_extension() && is_required {
            let text = "extensions can't be required";
            self.report(Diagnostic::error(
                "required-extension",
                text,
                field.name_span,
            ));
        }
    }

    fn is_map(&self, field: &Field) -> bool {
        field
            .message_type()
            .is_some_and(|id| self.model.messages[id].is_map_entry)
    }

    /// Whether UTF-8 validation means something: for strings, and for maps from or to strings.
    fn has_strings(&self, field: &Field) -> bool {
        let is_string = |field: &Field| field.scalar_type() == Some(Scalar::String);
        let entry = field.message_type().map(|id| &self.model.messages[id]);
        let entry = entry.filter(|message| message.is_map_entry);
        is_string(field)
            || entry.is_some_and(|entry| {
                entry
                    .fields
                    .iter()
                    .any(|id| is_string(&self.model.fields[id]))
            })
    }
}

/// Faults of features that are written at a field.
fn explicit_features(checker: &Checker<'_>, field: &Field, own: &MessageValue) -> Vec<Diagnostic> {
    let Some(ty) = field.resolved_type() else {
        return Vec::new();
    };
    let is_repeated = field.label == Label::Repeated;
    let mut errors = Vec::new();
    let mut error = |code, text: &str| errors.push(Diagnostic::error(code, text, field.name_span));
    if let Some(presence) = own.int(FIELD_PRESENCE) {
        if field.oneof.is_some() {
            error(
                "presence-of-oneof-field",
                "fields of oneofs can't specify field presence",
            );
        } else if is_repeated {
            error(
                "presence-of-repeated-field",
                "repeated fields can't specify field presence",
            );
        } else if field.is_extension() && presence != FieldPresence::LegacyRequired as i32 {
            error(
                "presence-of-extension",
                "extensions can't specify field presence",
            );
        } else if matches!(ty, FieldType::Message(_)) && presence == FieldPresence::Implicit as i32
        {
            error(
                "implicit-message",
                "message fields can't specify implicit presence",
            );
        }
    }
    let encoding = own.int(REPEATED_FIELD_ENCODING);
    if encoding.is_some() && !is_repeated {
        error(
            "encoding-of-singular-field",
            "only repeated fields can specify repeated field encoding",
        );
    }
    if encoding == Some(RepeatedFieldEncoding::Packed as i32) && !field.is_packable() {
        let text = "only repeated fields of numbers, bools and enums can specify `PACKED` repeated field encoding";
        error("packed-encoding-not-packable", text);
    }
    if own.has(UTF8_VALIDATION) && !checker.has_strings(field) {
        error(
            "utf8-validation-not-a-string",
            "only string fields can specify UTF-8 validation",
        );
    }
    let is_message = matches!(ty, FieldType::Message(_)) && !checker.is_map(field);
    if own.has(MESSAGE_ENCODING) && !is_message {
        error(
            "encoding-of-scalar",
            "only message fields can specify message encoding",
        );
    }
    errors
}
