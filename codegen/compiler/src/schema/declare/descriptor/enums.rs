//! Enums and their values, from descriptors.

use super::{Decoded, DescriptorDeclarer, NOWHERE, reserved_names, reserved_range, visibility};
use crate::descriptor::read::RawMessage;
use crate::schema::declare::Scope;
use crate::schema::model::{Enum, EnumId, EnumValue, EnumValueId, Id, IdRange, Symbol};
use crate::schema::options::Element;

impl<'b> DescriptorDeclarer<'_, '_, 'b> {
    pub(super) fn enums(
        &mut self,
        protos: &[RawMessage<'b>],
        scope: Scope,
        number: i32,
    ) -> Decoded<IdRange<EnumId>> {
        let start = self.out.model.enums.len();
        for (position, proto) in protos.iter().enumerate() {
            let (full_name, name) = self.names(scope, proto);
            let id = EnumId::from_index(self.out.model.enums.len());
            let options = self.options(Element::Enum(id), proto, 3);
            let reserved_ranges = proto.messages(4)?.iter().map(reserved_range).collect();
            self.out.model.enums.push(Enum {
                name,
                full_name,
                name_span: NOWHERE,
                file: self.file,
                parent: scope.message,
                visibility: visibility(proto.int(6)),
                values: IdRange::EMPTY,
                reserved_ranges,
                reserved_names: reserved_names(proto, 5),
                options,
                features: self.features,
                docs: None,
            });
            let values = proto.messages(2)?;
            self.at(number, position, |declarer, docs| {
                let values = declarer.enum_values(&values, id, scope);
                let data = &mut declarer.out.model.enums[id];
                data.values = values;
                data.docs = docs;
            });
            self.symbol(scope, full_name, Symbol::Enum(id));
        }
        Ok(self.out.model.enums.since(start))
    }

    fn enum_values(
        &mut self,
        protos: &[RawMessage<'b>],
        parent: EnumId,
        scope: Scope,
    ) -> IdRange<EnumValueId> {
        let start = self.out.model.enum_values.len();
        for (position, proto) in protos.iter().enumerate() {
            let (full_name, name) = self.names(scope, proto);
            let id = EnumValueId::from_index(self.out.model.enum_values.len());
            let options = self.options(Element::EnumValue(id), proto, 3);
            let value = self.at(2, position, |declarer, docs| EnumValue {
                name,
                full_name,
                name_span: NOWHERE,
                parent,
                number: proto.int(2).unwrap_or(0),
                number_span: NOWHERE,
                options,
                features: declarer.features,
                docs,
            });
            self.out.model.enum_values.push(value);
            self.symbol(scope, full_name, Symbol::EnumValue(id));
        }
        self.out.model.enum_values.since(start)
    }
}
