//! Services and their methods, from descriptors.

use super::{Decoded, DescriptorDeclarer, NOWHERE};
use crate::descriptor::read::RawMessage;
use crate::schema::declare::Scope;
use crate::schema::model::{Id, IdRange, Method, MethodId, MethodType, Service, ServiceId, Symbol};
use crate::schema::options::Element;

impl<'b> DescriptorDeclarer<'_, '_, 'b> {
    pub(super) fn services(
        &mut self,
        protos: &[RawMessage<'b>],
        scope: Scope,
    ) -> Decoded<IdRange<ServiceId>> {
        let start = self.out.model.services.len();
        for (position, proto) in protos.iter().enumerate() {
            let (full_name, name) = self.names(scope, proto);
            let id = ServiceId::from_index(self.out.model.services.len());
            let options = self.options(Element::Service(id), proto, 3);
            self.out.model.services.push(Service {
                name,
                full_name,
                name_span: NOWHERE,
                file: self.file,
                methods: IdRange::EMPTY,
                options,
                features: self.features,
                docs: None,
            });
            let is_declared = self.symbol(scope, full_name, Symbol::Service(id));
            let scope = Scope {
                message: None,
                name: full_name,
                is_declared,
            };
            let methods = proto.messages(2)?;
            self.at(6, position, |declarer, docs| {
                let methods = declarer.methods(&methods, id, scope);
                let data = &mut declarer.out.model.services[id];
                data.methods = methods;
                data.docs = docs;
            });
        }
        Ok(self.out.model.services.since(start))
    }

    fn methods(
        &mut self,
        protos: &[RawMessage<'b>],
        service: ServiceId,
        scope: Scope,
    ) -> IdRange<MethodId> {
        let start = self.out.model.methods.len();
        for (position, proto) in protos.iter().enumerate() {
            let (full_name, name) = self.names(scope, proto);
            let id = MethodId::from_index(self.out.model.methods.len());
            let options = self.options(Element::Method(id), proto, 4);
            let [input, output] = [2, 3].map(|number| MethodType {
                name: self.text(proto.text(number)),
                span: NOWHERE,
                message: None,
            });
            let method = self.at(2, position, |declarer, docs| Method {
                name,
                full_name,
                name_span: NOWHERE,
                service,
                input,
                output,
                client_streaming: proto.flag(5),
                server_streaming: proto.flag(6),
                options,
                features: declarer.features,
                docs,
            });
            self.out.model.methods.push(method);
            self.symbol(scope, full_name, Symbol::Method(id));
        }
        self.out.model.methods.since(start)
    }
}
