//! Do messages of the `protobuf` crate compile and travel through services, whatever names and packages the files have?
//! Never looks at Ironwire's own messages.

/// The whole build, inside a module, and where lints are strict.
#[deny(
    warnings,
    missing_debug_implementations,
    missing_docs,
    single_use_lifetimes,
    trivial_casts,
    unnameable_types,
    unreachable_pub,
    unused_qualifications,
    unused_results
)]
pub mod all {
    include!(concat!(env!("OUT_DIR"), "/bridge/ironwire/+all.rs"));
}

/// One package by itself, beside another that has nothing to do with it.
mod alone {
    include!(concat!(
        env!("OUT_DIR"),
        "/bridge/ironwire/words.type.fn.rs"
    ));
    include!(concat!(env!("OUT_DIR"), "/bridge/ironwire/publics.base.rs"));
}

/// What imports from another crate, which is this one.
mod outside {
    include!(concat!(
        env!("OUT_DIR"),
        "/bridge_outside/ironwire/outside.rs"
    ));
}

use all::clash::{self, inner};
use all::shop::stock::Item;
use all::shop::{self, Order, Orders, OrdersClient, OrdersServer, Price, order};
use all::unpackaged::{self, Plain, PlainService, PlainServiceClient, PlainServiceServer};
use all::words::r#type::r#fn as words;
use ironwire::protobuf::well_known_types::empty::Empty;
use ironwire::protobuf::{Message, MessageFull};
use ironwire::{CallKind, Code, Request, Response, Server, Status, Stream, Streaming};
use tokio_stream::StreamExt;

struct Shop;

impl Orders for Shop {
    async fn place(&self, request: Request<Order>) -> Result<Response<Empty>, Status> {
        match request.into_inner().lines.len() {
            0 => Err(Status::invalid_argument("an order has lines")),
            _ => Ok(Response::new(Empty::new())),
        }
    }

    async fn watch(
        &self,
        request: Request<Order>,
    ) -> Result<Response<impl Stream<Item = Result<order::Line, Status>> + Send>, Status> {
        let lines = request.into_inner().lines;
        Ok(Response::new(tokio_stream::iter(lines.into_iter().map(Ok))))
    }

    async fn sum(
        &self,
        request: Request<Streaming<order::Line>>,
    ) -> Result<Response<Price>, Status> {
        let mut lines = request.into_inner();
        let mut sum = Price::new();
        while let Some(line) = lines.next().await {
            sum.units += line?.price.units;
        }
        Ok(Response::new(sum))
    }

    async fn quote(
        &self,
        request: Request<Streaming<Item>>,
    ) -> Result<Response<impl Stream<Item = Result<Price, Status>> + Send>, Status> {
        let prices = request.into_inner().map(|item| {
            let units = item?.name.len() as i64;
            Ok(Price {
                units,
                ..Price::default()
            })
        });
        Ok(Response::new(prices))
    }

    async fn cancel(&self, request: Request<Order>) -> Result<Response<Order>, Status> {
        Ok(Response::new(request.into_inner()))
    }
}

fn line(units: i64) -> order::Line {
    let price = Price {
        units,
        ..Price::default()
    };
    order::Line {
        price: Some(price).into(),
        ..order::Line::default()
    }
}

fn shop_client() -> OrdersClient {
    OrdersClient::new(
        Server::new()
            .add(OrdersServer::new(Shop))
            .in_process()
            .unwrap(),
    )
}

#[tokio::test]
async fn the_four_call_kinds_work_from_client_to_service() {
    let client = shop_client();
    let order = Order {
        lines: vec![line(1), line(2)],
        ..Order::default()
    };

    client.place(order.clone()).await.unwrap();
    let refused = client.place(Order::new()).await.unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument);

    let watched = client.watch(order).await.unwrap().into_inner();
    let units: Vec<i64> = watched
        .map(|line| line.unwrap().price.units)
        .collect()
        .await;
    assert_eq!(units, [1, 2]);

    let sum = client
        .sum(tokio_stream::iter([line(3), line(4)]))
        .await
        .unwrap();
    assert_eq!(sum.into_inner().units, 7);

    let items = ["a", "bcd"].map(|name| Item {
        name: name.to_owned(),
        ..Item::default()
    });
    let quoted = client
        .quote(tokio_stream::iter(items))
        .await
        .unwrap()
        .into_inner();
    let units: Vec<i64> = quoted.map(|price| price.unwrap().units).collect().await;
    assert_eq!(units, [1, 3]);
}

#[test]
fn descriptors_of_services_have_the_names_and_paths_of_the_files() {
    assert_eq!(shop::ORDERS.name, "shop.Orders");
    let methods: Vec<(&str, &str, CallKind)> = shop::ORDERS
        .methods
        .iter()
        .map(|method| (method.name, method.path, method.kind))
        .collect();
    assert_eq!(
        methods,
        [
            ("Place", "/shop.Orders/Place", CallKind::Unary),
            ("Watch", "/shop.Orders/Watch", CallKind::ServerStreaming),
            ("Sum", "/shop.Orders/Sum", CallKind::ClientStreaming),
            ("Quote", "/shop.Orders/Quote", CallKind::Bidi),
            ("Cancel", "/shop.Orders/Cancel", CallKind::Unary),
        ]
    );
    assert_eq!(
        unpackaged::PLAIN_SERVICE.methods[0].path,
        "/PlainService/Echo"
    );
}

#[test]
fn files_of_one_base_name_keep_their_names_in_their_descriptors() {
    let file_of = |descriptor: ironwire::protobuf::reflect::MessageDescriptor| {
        descriptor.file_descriptor_proto().name().to_owned()
    };
    assert_eq!(file_of(Price::descriptor()), "shop/common.proto");
    assert_eq!(file_of(Item::descriptor()), "stock/common.proto");
    assert_eq!(file_of(Order::descriptor()), "shop/orders.proto");
    let orders = shop::orders_file_descriptor().proto();
    assert!(
        orders.dependency.contains(&"stock/common.proto".to_owned()),
        "{:?}",
        orders.dependency
    );
    assert_eq!(
        shop::common_file_descriptor().proto().name(),
        "shop/common.proto"
    );
    assert_eq!(
        shop::stock::file_descriptor().proto().name(),
        "stock/common.proto"
    );
}

#[test]
fn extensions_of_all_files_of_a_package_are_in_one_module() {
    let price = Price::descriptor();
    let units = price.field_by_name("units").unwrap();
    assert_eq!(
        shop::exts::unit.get(&units.proto().options).as_deref(),
        Some("EUR")
    );
    let order = Order::descriptor();
    assert_eq!(shop::exts::audited.get(&order.proto().options), Some(true));
}

#[test]
fn keywords_are_names_like_others() {
    use words::type_::{Impl, Try, r#try::Kind};
    let message = words::Type {
        type_: "a".to_owned(),
        r#try: "b".to_owned(),
        r#gen: 3,
        async_: true,
        match_: vec![Try {
            kind: Kind::r#try.into(),
            ..Try::default()
        }],
        impl_: Some(Impl::Self_("c".to_owned())),
        ..words::Type::default()
    };
    let bytes = message.write_to_bytes().unwrap();
    assert_eq!(words::Type::parse_from_bytes(&bytes).unwrap(), message);
    // The same bytes for the same message from its own tree.
    assert!(
        alone::words::r#type::r#fn::Type::parse_from_bytes(&bytes)
            .unwrap()
            .async_
    );
}

struct Mover;

impl words::Move for Mover {
    async fn r#match(
        &self,
        request: Request<words::Type>,
    ) -> Result<Response<words::Type>, Status> {
        Ok(Response::new(request.into_inner()))
    }

    async fn self_(&self, request: Request<words::Type>) -> Result<Response<words::Type>, Status> {
        self.r#match(request).await
    }

    async fn new_(&self, request: Request<words::Type>) -> Result<Response<words::Type>, Status> {
        self.r#match(request).await
    }

    async fn connect_(
        &self,
        request: Request<words::Type>,
    ) -> Result<Response<words::Type>, Status> {
        self.r#match(request).await
    }

    async fn clone(&self, request: Request<words::Type>) -> Result<Response<words::Type>, Status> {
        let mut message = request.into_inner();
        message.type_ = "cloned".to_owned();
        Ok(Response::new(message))
    }

    async fn into_(&self, request: Request<words::Type>) -> Result<Response<words::Type>, Status> {
        let mut message = request.into_inner();
        message.type_ = "into".to_owned();
        Ok(Response::new(message))
    }

    async fn r#gen(
        &self,
        request: Request<words::type_::Try>,
    ) -> Result<Response<impl Stream<Item = Result<words::type_::Try, Status>> + Send>, Status>
    {
        Ok(Response::new(tokio_stream::once(Ok(request.into_inner()))))
    }
}

#[tokio::test]
async fn methods_may_be_called_like_anything() {
    let channel = Server::new()
        .add(words::MoveServer::new(Mover))
        .in_process()
        .unwrap();
    let client = words::MoveClient::new(channel);
    let message = words::Type {
        type_: "sent".to_owned(),
        ..words::Type::default()
    };

    for reply in [
        client.r#match(message.clone()).await,
        client.self_(message.clone()).await,
        client.new_(message.clone()).await,
        client.connect_(message.clone()).await,
    ] {
        assert_eq!(reply.unwrap().into_inner().type_, "sent");
    }
    assert_eq!(
        client
            .clone(message.clone())
            .await
            .unwrap()
            .into_inner()
            .type_,
        "cloned"
    );
    assert_eq!(
        client.into_(message).await.unwrap().into_inner().type_,
        "into"
    );
}

struct Clash;

impl clash::Greeter for Clash {
    async fn say_hello(
        &self,
        _: Request<clash::T>,
    ) -> Result<Response<clash::inner_::Part>, Status> {
        Ok(Response::new(clash::inner_::Part {
            text: "nested".to_owned(),
            ..Default::default()
        }))
    }

    async fn say_hello_(
        &self,
        _: Request<clash::GreeterClient>,
    ) -> Result<Response<inner::Part>, Status> {
        Ok(Response::new(inner::Part {
            number: 7,
            ..Default::default()
        }))
    }
}

#[tokio::test]
async fn names_that_meet_get_an_underscore() {
    // `GreeterServer` and `GreeterClient` are messages, and `GreeterClient_` is the trait of service `greeter_client`.
    let channel = Server::new()
        .add(clash::GreeterServer_::new(Clash))
        .in_process()
        .unwrap();
    let client = clash::GreeterClient__::new(channel);
    assert_eq!(
        client
            .say_hello(clash::T::new())
            .await
            .unwrap()
            .into_inner()
            .text,
        "nested"
    );
    assert_eq!(
        client
            .say_hello_(clash::GreeterClient::new())
            .await
            .unwrap()
            .into_inner()
            .number,
        7
    );
    assert_eq!(clash::GREETER_CLIENT.name, "clash.greeter_client");
    assert_eq!(clash::IDLE.methods.len(), 0);
}

#[test]
fn public_imports_reach_through() {
    let user = all::publics::user::User {
        base: Some(all::publics::base::Base::new()).into(),
        level: all::publics::base::Level::HIGH.into(),
        ..Default::default()
    };
    let descriptor = all::publics::user::User::descriptor();
    let field = descriptor.field_by_name("level").unwrap();
    assert!(field.has_field(&user));
    assert_eq!(alone::publics::base::Base::NAME, "Base");
}

struct PlainEcho;

impl PlainService for PlainEcho {
    async fn echo(&self, request: Request<Plain>) -> Result<Response<Plain>, Status> {
        Ok(Response::new(request.into_inner()))
    }
}

#[tokio::test]
async fn a_file_without_syntax_and_package_is_proto2_and_unpackaged() {
    let channel = Server::new()
        .add(PlainServiceServer::new(PlainEcho))
        .in_process()
        .unwrap();
    let client = PlainServiceClient::new(channel);
    let sent = Plain {
        name: Some("n".to_owned()),
        ..Plain::default()
    };
    let back = client.echo(sent).await.unwrap().into_inner();
    assert_eq!(back.name(), "n");
    assert_eq!(back.kind(), unpackaged::plain::Kind::BIG);
}

struct Checkout;

impl outside::outside::Baskets for Checkout {
    async fn checkout(
        &self,
        request: Request<outside::outside::Basket>,
    ) -> Result<Response<Order>, Status> {
        let order = request.into_inner().orders.into_iter().next();
        order
            .map(Response::new)
            .ok_or_else(|| Status::not_found("the basket is empty"))
    }

    async fn lines(
        &self,
        request: Request<outside::outside::Basket>,
    ) -> Result<Response<impl Stream<Item = Result<order::Line, Status>> + Send>, Status> {
        let last = request.into_inner().last;
        Ok(Response::new(tokio_stream::iter(
            last.into_option().map(Ok),
        )))
    }
}

#[tokio::test]
async fn types_of_another_crate_are_used_and_not_generated_again() {
    use outside::outside::{Basket, BasketsClient, BasketsServer};
    let channel = Server::new()
        .add(BasketsServer::new(Checkout))
        .in_process()
        .unwrap();
    let order = Order {
        lines: vec![line(5)],
        ..Order::default()
    };
    let basket = Basket {
        orders: vec![order.clone()],
        last: Some(line(6)).into(),
        ..Basket::default()
    };

    let client = BasketsClient::new(channel);
    let back: Order = client.checkout(basket.clone()).await.unwrap().into_inner();
    assert_eq!(back, order);
    let lines = client.lines(basket).await.unwrap().into_inner();
    assert_eq!(
        lines
            .map(|line| line.unwrap().price.units)
            .collect::<Vec<_>>()
            .await,
        [6]
    );
    // The descriptors of both crates are linked.
    let field = Basket::descriptor().field_by_name("last").unwrap();
    assert_eq!(field.proto().type_name(), ".shop.Order.Line");
}
