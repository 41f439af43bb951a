//! Feature resolution: every element gets the features of what is around it, and its own on top. Options that
//! decide about wire formats as features do, but are none, are read here too.
//! Whether features may stand where they do is checked elsewhere.

use crate::schema::model::{
    DefaultSymbolVisibility, Edition, EnforceNamingStyle, EnforceProtoLimits, EnumType, FeatureSet,
    FieldId, FieldPresence, FileId, JsonFormat, Label, MessageEncoding, MessageId, Model,
    OptionsId, RepeatedFieldEncoding, Utf8Validation,
};
use crate::schema::options::{Element, MessageValue, OptionSet};
use crate::syntax::diagnostic::Diagnostic;
use crate::syntax::span::Span;

/// `message_set_wire_format` in `MessageOptions`.
const MESSAGE_SET_WIRE_FORMAT: i32 = 1;
/// `packed` in `FieldOptions`.
const PACKED: i32 = 2;
/// `retention` in `FieldOptions`, and one of its values.
const RETENTION: i32 = 17;
const RETENTION_SOURCE: i32 = 2;

/// Resolves the features of one file. `sets` holds the options of all files.
pub(crate) fn resolve(model: &mut Model, sets: &[OptionSet], file: FileId) -> Vec<Diagnostic> {
    let mut resolver = Resolver {
        model,
        sets,
        file,
        diagnostics: Vec::new(),
    };
    resolver.file();
    resolver.diagnostics
}

struct Resolver<'m> {
    model: &'m mut Model,
    sets: &'m [OptionSet],
    file: FileId,
    diagnostics: Vec<Diagnostic>,
}

impl Resolver<'_> {
    fn file(&mut self) {
        let file = &self.model.files[self.file];
        let (options, span, all) = (file.options, file.edition_span, file.all);
        let defaults = FeatureSet::of_edition(file.edition);
        let features = self.merge(Element::File(self.file), options, defaults, span);
        self.model.files[self.file].features = features;
        // Parents come before their children, in every arena and across them in this order.
        for id in all.messages.iter() {
            let message = &self.model.messages[id];
            let (options, span) = (message.options, message.name_span);
            let parent = self.around(message.parent);
            let features = self.merge(Element::Message(id), options, parent, span);
            let set = options.index().map(|index| &self.sets[index].merged);
            let message = &mut self.model.messages[id];
            message.features = features;
            message.is_message_set = set.is_some_and(|set| set.flag(MESSAGE_SET_WIRE_FORMAT));
        }
        for id in all.oneofs.iter() {
            let oneof = &self.model.oneofs[id];
            let (options, span) = (oneof.options, oneof.name_span);
            let parent = self.model.messages[oneof.message].features;
            let features = self.merge(Element::Oneof(id), options, parent, span);
            self.model.oneofs[id].features = features;
        }
        for id in all.fields.iter() {
            self.field(id);
        }
        for id in all.extension_ranges.iter() {
            let range = &self.model.extension_ranges[id];
            let (options, span) = (range.options, range.span);
            let parent = self.model.messages[range.message].features;
            let features = self.merge(Element::ExtensionRange(id), options, parent, span);
            self.model.extension_ranges[id].features = features;
        }
        self.enums();
        self.services();
    }

    fn enums(&mut self) {
        let all = self.model.files[self.file].all;
        for id in all.enums.iter() {
            let item = &self.model.enums[id];
            let (options, span) = (item.options, item.name_span);
            let parent = self.around(item.parent);
            let features = self.merge(Element::Enum(id), options, parent, span);
            self.model.enums[id].features = features;
        }
        for id in all.enum_values.iter() {
            let value = &self.model.enum_values[id];
            let (options, span) = (value.options, value.name_span);
            let parent = self.model.enums[value.parent].features;
            let features = self.merge(Element::EnumValue(id), options, parent, span);
            self.model.enum_values[id].features = features;
        }
    }

    fn services(&mut self) {
        let all = self.model.files[self.file].all;
        for id in all.services.iter() {
            let service = &self.model.services[id];
            let (options, span) = (service.options, service.name_span);
            let parent = self.model.files[self.file].features;
            let features = self.merge(Element::Service(id), options, parent, span);
            self.model.services[id].features = features;
        }
        for id in all.methods.iter() {
            let method = &self.model.methods[id];
            let (options, span) = (method.options, method.name_span);
            let parent = self.model.services[method.service].features;
            let features = self.merge(Element::Method(id), options, parent, span);
            self.model.methods[id].features = features;
        }
    }

    fn around(&self, message: Option<MessageId>) -> FeatureSet {
        match message {
            Some(message) => self.model.messages[message].features,
            None => self.model.files[self.file].features,
        }
    }

    fn field(&mut self, id: FieldId) {
        let field = &self.model.fields[id];
        let (options, span) = (field.options, field.name_span);
        let parent = match field.oneof {
            Some(oneof) => self.model.oneofs[oneof].features,
            None => self.around(field.parent),
        };
        let mut features = self.merge(Element::Field(id), options, parent, span);
        let edition = self.model.files[self.file].edition;
        if edition.is_legacy() {
            self.infer(id, edition, &mut features);
        }
        let retention = options
            .index()
            .and_then(|index| self.sets[index].merged.int(RETENTION));
        let field = &mut self.model.fields[id];
        field.features = features;
        field.is_source_only = retention == Some(RETENTION_SOURCE);
    }

    /// What proto2 and proto3 say with keywords and options (`InferLegacyProtoFeatures`, descriptor.cc).
    fn infer(&self, id: FieldId, edition: Edition, features: &mut FeatureSet) {
        let field = &self.model.fields[id];
        if field.label == Label::Required {
            features.field_presence = FieldPresence::LegacyRequired;
        }
        if field.is_group {
            features.message_encoding = MessageEncoding::Delimited;
        }
        let packed = field
            .options
            .index()
            .and_then(|index| self.sets[index].merged.bits(PACKED));
        match packed {
            Some(1) => features.repeated_field_encoding = RepeatedFieldEncoding::Packed,
            Some(_) if edition == Edition::PROTO3 => {
                features.repeated_field_encoding = RepeatedFieldEncoding::Expanded;
            }
            _ => {}
        }
    }

    fn merge(
        &mut self,
        element: Element,
        options: OptionsId,
        parent: FeatureSet,
        span: Span,
    ) -> FeatureSet {
        let Some(set) = options.index().map(|index| &self.sets[index]) else {
            return parent;
        };
        let Some(own) = set.merged.message(element.features_number()) else {
            return parent;
        };
        if self.model.files[self.file].edition.is_legacy() {
            let first = set.settings.iter().find(|setting| {
                let first = setting.path.first();
                first.is_some_and(|&field| {
                    self.model.fields[field].number == element.features_number()
                })
            });
            self.diagnostics.push(only_in_editions(
                span,
                first.map(|setting| setting.name_span),
            ));
            return parent;
        }
        let mut features = parent;
        if let Err(unknown) = overlay(&mut features, own) {
            let message = format!("feature `{unknown}` must resolve to a known value");
            self.diagnostics
                .push(Diagnostic::error("unknown-feature-value", message, span));
        }
        features
    }
}

fn only_in_editions(element: Span, setting: Option<Span>) -> Diagnostic {
    let message = "features are only valid under editions";
    Diagnostic::error(
        "feature-without-edition",
        message,
        setting.unwrap_or(element),
    )
    .anchored(element)
    .help("start the file with `edition = \"2023\";` instead of `syntax`, or remove the feature")
}

/// Puts explicit features on top of inherited ones. Fails with the name of a feature that is set to `UNKNOWN`.
fn overlay(features: &mut FeatureSet, own: &MessageValue) -> Result<(), &'static str> {
    fn set<T>(
        target: &mut T,
        own: &MessageValue,
        number: i32,
        from_number: fn(i32) -> Option<T>,
        name: &'static str,
    ) -> Result<(), &'static str> {
        if let Some(value) = own.int(number) {
            *target = from_number(value).ok_or(name)?;
        }
        Ok(())
    }
    let f = features;
    set(
        &mut f.field_presence,
        own,
        1,
        FieldPresence::from_number,
        "field_presence",
    )?;
    set(&mut f.enum_type, own, 2, EnumType::from_number, "enum_type")?;
    let encoding = RepeatedFieldEncoding::from_number;
    set(
        &mut f.repeated_field_encoding,
        own,
        3,
        encoding,
        "repeated_field_encoding",
    )?;
    set(
        &mut f.utf8_validation,
        own,
        4,
        Utf8Validation::from_number,
        "utf8_validation",
    )?;
    set(
        &mut f.message_encoding,
        own,
        5,
        MessageEncoding::from_number,
        "message_encoding",
    )?;
    set(
        &mut f.json_format,
        own,
        6,
        JsonFormat::from_number,
        "json_format",
    )?;
    let style = EnforceNamingStyle::from_number;
    set(
        &mut f.enforce_naming_style,
        own,
        7,
        style,
        "enforce_naming_style",
    )?;
    let visibility = DefaultSymbolVisibility::from_number;
    set(
        &mut f.default_symbol_visibility,
        own,
        8,
        visibility,
        "default_symbol_visibility",
    )?;
    let limits = EnforceProtoLimits::from_number;
    set(
        &mut f.enforce_proto_limits,
        own,
        9,
        limits,
        "enforce_proto_limits",
    )
}
