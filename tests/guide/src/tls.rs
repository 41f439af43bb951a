//! TLS on both sides.

use std::error::Error;

use ironwire::tls::{ClientTls, ServerTls, TlsError};
use ironwire::{Channel, Endpoint, Request, Response, Server};

use crate::shop::{Order, Receipt, ShopClient};
use crate::till;

const CA: &[u8] = include_bytes!("../../certs/ca.pem");
const CERTIFICATE: &[u8] = include_bytes!("../../certs/server.pem");
const KEY: &[u8] = include_bytes!("../../certs/server.key");
const CLIENT_CERTIFICATE: &[u8] = include_bytes!("../../certs/client.pem");
const CLIENT_KEY: &[u8] = include_bytes!("../../certs/client.key");

/// A certificate that no client takes for a server's.
const OLD_CERTIFICATE: &[u8] = CLIENT_CERTIFICATE;
const OLD_KEY: &[u8] = CLIENT_KEY;

/// A shop that sells certificates: its price is their number.
fn shop() -> Server {
    till::server(|request: Request<Order>| async move {
        let own = request.peer_certificates().first();
        assert!(own.is_none_or(|der| !der.is_empty()));
        let cents = request.peer_certificates().len() as u64;
        Ok(Response::new(Receipt {
            cents,
            ..Default::default()
        }))
    })
}

fn secure(server: Server) -> Result<Server, TlsError> {
    let tls = ServerTls::from_pem(CERTIFICATE, KEY)?;
    Ok(server.tls(tls))
}

async fn connect(address: &str) -> Result<Channel, Box<dyn Error>> {
    let tls = ClientTls::from_pem(CA)?;
    let endpoint = Endpoint::parse(address)?.tls(tls);
    Ok(Channel::connect(endpoint).await?)
}

async fn serve(server: Server) -> String {
    let bound = server.bind("127.0.0.1:0").await.expect("a free port");
    let port = bound.local_addr().expect("TCP has an address").port();
    tokio::spawn(bound.serve());
    format!("https://localhost:{port}")
}

async fn certificates_shown(channel: Channel) -> Result<u64, Box<dyn Error>> {
    let receipt = ShopClient::new(channel).buy(Order::default()).await?;
    Ok(receipt.into_inner().cents)
}

#[tokio::test]
async fn a_channel_is_secure() -> Result<(), Box<dyn Error>> {
    let address = serve(secure(shop())?).await;
    assert_eq!(certificates_shown(connect(&address).await?).await?, 0);
    Ok(())
}

#[tokio::test]
async fn both_sides_show_certificates() -> Result<(), Box<dyn Error>> {
    let tls = ServerTls::mutual_from_pem(CERTIFICATE, KEY, CA)?;
    let address = serve(shop().tls(tls)).await;

    let tls = ClientTls::mutual_from_pem(CA, CLIENT_CERTIFICATE, CLIENT_KEY)?;
    let channel = Channel::connect(Endpoint::parse(&address)?.tls(tls)).await?;
    assert_eq!(certificates_shown(channel).await?, 1);
    Ok(())
}

#[tokio::test]
async fn certificates_are_renewed() -> Result<(), Box<dyn Error>> {
    let tls = ServerTls::from_pem(OLD_CERTIFICATE, OLD_KEY)?;
    let address = serve(shop().tls(tls.clone())).await;
    assert!(connect(&address).await.is_err());

    let renewed = ServerTls::from_pem(CERTIFICATE, KEY)?;
    tls.reload(&renewed); // for new connections; those that stand keep what they have
    assert_eq!(certificates_shown(connect(&address).await?).await?, 0);
    Ok(())
}
