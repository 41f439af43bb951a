//! Services and their methods. The types of requests and responses are named here, not looked up.

use super::{FileDeclarer, Scope, docs};
use crate::schema::model::{
    Id, IdRange, Method, MethodId, MethodType, OptionsId, Service, ServiceId, Symbol,
};
use crate::schema::options::Element;
use crate::syntax::ast;

impl<'a> FileDeclarer<'_, 'a> {
    pub(super) fn services(
        &mut self,
        services: &[&'a ast::Service],
        scope: Scope,
    ) -> IdRange<ServiceId> {
        let start = self.out.model.services.len();
        for ast in services {
            let (full_name, name) = self.names(scope, ast.name);
            let id = ServiceId::from_index(self.out.model.services.len());
            let settings = ast.members.iter().filter_map(|member| match member {
                ast::ServiceMember::Option(setting) => Some(setting),
                ast::ServiceMember::Method(_) => None,
            });
            let options = self.site(Element::Service(id), settings.collect());
            self.out.model.services.push(Service {
                name,
                full_name,
                name_span: ast.name.span,
                file: self.file,
                methods: IdRange::EMPTY,
                options,
                features: self.out.model.files[self.file].features,
                docs: docs(ast.comments.as_deref()),
            });
            let is_declared = self.symbol(scope, full_name, ast.name.span, Symbol::Service(id));
            self.methods(
                ast,
                id,
                Scope {
                    message: None,
                    name: full_name,
                    is_declared,
                },
            );
        }
        self.out.model.services.since(start)
    }

    fn methods(&mut self, ast: &'a ast::Service, service: ServiceId, scope: Scope) {
        let start = self.out.model.methods.len();
        for member in &ast.members {
            let ast::ServiceMember::Method(ast) = member else {
                continue;
            };
            let (full_name, name) = self.names(scope, ast.name);
            let id = MethodId::from_index(self.out.model.methods.len());
            // A body makes an options message, even an empty one (`ParseServiceMethod`, parser.cc).
            let options = match &ast.options {
                Some(settings) => {
                    self.site_even_if_empty(Element::Method(id), settings.iter().collect())
                }
                None => OptionsId::NONE,
            };
            let input = self.method_type(&ast.input);
            let output = self.method_type(&ast.output);
            self.out.model.methods.push(Method {
                name,
                full_name,
                name_span: ast.name.span,
                service,
                input,
                output,
                client_streaming: ast.input.stream.is_some(),
                server_streaming: ast.output.stream.is_some(),
                options,
                features: self.out.model.files[self.file].features,
                docs: docs(ast.comments.as_deref()),
            });
            self.symbol(scope, full_name, ast.name.span, Symbol::Method(id));
        }
        self.out.model.services[service].methods = self.out.model.methods.since(start);
    }

    fn method_type(&mut self, ast: &ast::MethodType) -> MethodType {
        MethodType {
            name: self.path(ast.ty),
            span: ast.ty.span,
            message: None,
        }
    }
}
