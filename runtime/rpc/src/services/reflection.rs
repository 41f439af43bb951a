//! `grpc.reflection.v1` and `v1alpha`: what the server serves, told to those who have no `.proto` files.
//!
//! Follows grpc/doc/server-reflection.md. Never tells more than generated code has embedded.

mod index;

use super::grpc::reflection::{v1 as proto, v1alpha};
use super::unfold::unfold;
use crate::server::{HandlerFuture, ServerCall, Service};
use crate::{Request, Response, ServiceDescriptor, Status, Stream, Streaming};
use index::Index;
use ironwire_message::DecodeError;
use proto::server_reflection_request::MessageRequest;
use proto::server_reflection_response::MessageResponse;
use proto::{
    ErrorResponse, ExtensionNumberResponse, FileDescriptorResponse, ListServiceResponse,
    ServerReflection, ServerReflectionRequest, ServerReflectionResponse, ServerReflectionServer,
    ServiceResponse,
};
use std::collections::HashSet;
use std::sync::Arc;

/// Answers questions about these services, and about itself.
#[derive(Clone)]
pub(crate) struct Reflection {
    index: Arc<Index>,
}

impl Reflection {
    /// # Errors
    /// When the descriptors of a service are malformed: its name, and why.
    pub(crate) fn of(
        services: impl Iterator<Item = &'static ServiceDescriptor>,
    ) -> Result<Reflection, (&'static str, DecodeError)> {
        let mut index = Index::default();
        for service in services.chain([&proto::SERVER_REFLECTION, &v1alpha::SERVER_REFLECTION]) {
            let added = index.add(service);
            added.map_err(|error| (service.name, error))?;
        }
        Ok(Reflection {
            index: Arc::new(index),
        })
    }

    /// The service by its present name.
    pub(crate) fn v1(&self) -> impl Service + use<> {
        ServerReflectionServer::new(self.clone())
    }

    /// The service by the name that older tools know.
    pub(crate) fn v1alpha(&self) -> impl Service + use<> {
        V1Alpha(ServerReflectionServer::new(self.clone()))
    }
}

/// The same service under its older name: the messages of both are the same on the wire.
struct V1Alpha(ServerReflectionServer<Reflection>);

impl Service for V1Alpha {
    fn descriptor(&self) -> &'static ServiceDescriptor {
        &v1alpha::SERVER_REFLECTION
    }

    fn call(&self, method: usize, call: ServerCall) -> HandlerFuture {
        self.0.call(method, call)
    }
}

impl ServerReflection for Reflection {
    async fn server_reflection_info(
        &self,
        request: Request<Streaming<ServerReflectionRequest>>,
    ) -> Result<Response<impl Stream<Item = Result<ServerReflectionResponse, Status>> + Send>, Status>
    {
        let conversation = Conversation {
            requests: request.into_inner(),
            index: Arc::clone(&self.index),
            sent: HashSet::new(),
        };
        Ok(Response::new(unfold(conversation, |mut talk| async {
            let request = talk.requests.message().await.transpose()?;
            Some((request.map(|request| talk.answer(request)), talk))
        })))
    }
}

/// A stream of questions and answers.
struct Conversation {
    requests: Streaming<ServerReflectionRequest>,
    index: Arc<Index>,
    /// The files that the caller has already.
    sent: HashSet<String>,
}

impl Conversation {
    fn answer(&mut self, request: ServerReflectionRequest) -> ServerReflectionResponse {
        let answer = match &request.message_request {
            Some(question) => self.look_up(question),
            None => Err(Status::invalid_argument("the request asks for nothing")),
        };
        let answer = answer.unwrap_or_else(|status| {
            MessageResponse::ErrorResponse(ErrorResponse {
                error_code: status.code().as_i32(),
                error_message: status.message().to_owned(),
                ..Default::default()
            })
        });
        ServerReflectionResponse {
            valid_host: request.host.clone(),
            original_request: Some(request),
            message_response: Some(answer),
            ..Default::default()
        }
    }

    fn look_up(&mut self, question: &MessageRequest) -> Result<MessageResponse, Status> {
        let index = Arc::clone(&self.index);
        match question {
            MessageRequest::FileByFilename(name) => {
                self.files(index.file(name).ok_or_else(|| unknown("file", name))?)
            }
            MessageRequest::FileContainingSymbol(symbol) => {
                let file = index.file_of_symbol(symbol);
                self.files(file.ok_or_else(|| unknown("symbol", symbol))?)
            }
            MessageRequest::FileContainingExtension(wanted) => {
                let (ty, number) = (&wanted.containing_type, wanted.extension_number);
                let file = index.file_of_extension(ty, number);
                self.files(file.ok_or_else(|| unknown("extension", &format!("{number} of {ty}")))?)
            }
            MessageRequest::AllExtensionNumbersOfType(ty) => {
                let numbers = index.extension_numbers(ty);
                Ok(MessageResponse::AllExtensionNumbersResponse(
                    ExtensionNumberResponse {
                        base_type_name: ty.clone(),
                        extension_number: numbers.ok_or_else(|| unknown("message", ty))?,
                        ..Default::default()
                    },
                ))
            }
            MessageRequest::ListServices(_) => {
                let service = |&name: &&str| ServiceResponse {
                    name: name.to_owned(),
                    ..Default::default()
                };
                Ok(MessageResponse::ListServicesResponse(ListServiceResponse {
                    service: index.services().iter().map(service).collect(),
                    ..Default::default()
                }))
            }
        }
    }

    /// The file, and those that it imports less those that the caller has.
    fn files(&mut self, name: &str) -> Result<MessageResponse, Status> {
        let mut files = Vec::new();
        self.sent.remove(name);
        let mut wanted = vec![name];
        let index = Arc::clone(&self.index);
        while let Some(name) = wanted.pop() {
            let Some(file) = index.descriptor(name) else {
                continue;
            };
            if self.sent.insert(name.to_owned()) {
                files.push(file.bytes.clone());
                wanted.extend(file.imports.iter().map(String::as_str));
            }
        }
        Ok(MessageResponse::FileDescriptorResponse(
            FileDescriptorResponse {
                file_descriptor_proto: files,
                ..Default::default()
            },
        ))
    }
}

fn unknown(what: &str, name: &str) -> Status {
    Status::not_found(format!("no {what} {name} is known here"))
}
