//! Does tonic-prost-build work with `ironwire-protoc` as its `PROTOC`? Never calls it itself: the build script does.

#[cfg(test)]
mod tests {
    use tonic::{Request, Response, Status};

    mod v1 {
        tonic::include_proto!("library.v1");
    }

    use v1::library_client::LibraryClient;
    use v1::library_server::{Library, LibraryServer};

    struct Shelves;

    #[tonic::async_trait]
    impl Library for Shelves {
        type ListStream = tonic::codegen::BoxStream<v1::Book>;

        async fn find(
            &self,
            request: Request<v1::FindRequest>,
        ) -> Result<Response<v1::Book>, Status> {
            Ok(Response::new(v1::Book {
                title: request.into_inner().title,
                ..v1::Book::default()
            }))
        }

        async fn list(
            &self,
            _: Request<v1::FindRequest>,
        ) -> Result<Response<Self::ListStream>, Status> {
            Err(Status::unimplemented("list"))
        }
    }

    #[tokio::test]
    async fn a_client_calls_a_server() {
        let mut client = LibraryClient::new(LibraryServer::new(Shelves));
        let request = v1::FindRequest {
            title: "Walden".to_owned(),
        };
        let book = client.find(request.clone()).await.unwrap().into_inner();
        assert_eq!(book.title, "Walden");
        let refused = client.list(request).await.unwrap_err();
        assert_eq!(refused.message(), "list");
    }
}
