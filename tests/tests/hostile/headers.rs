//! Header blocks: too large, broken, or made to grow when they are read (RFC 7541).

use crate::attack::{Attack, End, KIB, bytes};
use ironwire_rpc::{Channel, Code, Endpoint, Status};
use ironwire_tests::call::{text, unary};
use ironwire_tests::frames::code::{ENHANCE_YOUR_CALM, PROTOCOL_ERROR};
use ironwire_tests::frames::{
    END_HEADERS, END_STREAM, Frame, FramedSocket, call_fields, header_block, kind,
};
use ironwire_tests::h2_server::{H2Server, framed};

/// HEADERS with this block behind the fields of a call.
fn call_with(block: &[u8]) -> Vec<u8> {
    let fields = header_block(&call_fields("/test.Test/Unary"));
    headers(1, &[&fields[..], block].concat(), END_STREAM)
}

/// HEADERS of this block, cut into frames.
fn headers(stream: u32, block: &[u8], flags: u8) -> Vec<u8> {
    const FRAME_BYTES_MAX: usize = 16 * 1024;
    let mut pieces = block.chunks(FRAME_BYTES_MAX).peekable();
    let mut frames = Vec::new();
    while let Some(piece) = pieces.next() {
        let kind = if frames.is_empty() {
            kind::HEADERS
        } else {
            kind::CONTINUATION
        };
        let end = if pieces.peek().is_none() {
            END_HEADERS
        } else {
            0
        };
        frames.push(Frame::new(kind, end, stream, piece.to_vec()));
    }
    frames[0].flags |= flags;
    bytes(frames)
}

/// A literal field that enters the dynamic table, then `times` references to it (RFC 7541, sections 6.2.1 and 6.1).
fn bomb(value_bytes: usize, times: usize) -> Vec<u8> {
    const DYNAMIC: u8 = 0x80 | 62;
    let literal = header_block(&[("x-bomb", &"b".repeat(value_bytes))]);
    let mut block = literal.to_vec();
    block[0] = 0x40;
    block.extend(vec![DYNAMIC; times]);
    block
}

#[tokio::test(start_paused = true)]
async fn lists_beyond_the_limit() {
    let value = "v".repeat(17 * 1024);
    let large = call_with(&header_block(&[("x-large", &value)]));
    Attack::new("a field of 17 KiB", &large)
        .ends_with(End::Answered(1))
        .await;
    let many = call_with(&header_block(&[("x", ""); 600]));
    Attack::new("600 fields", &many)
        .ends_with(End::Answered(1))
        .await;
    let many = call_with(&header_block(&[("x", ""); 2000]));
    Attack::new("2,000 fields", &many)
        .ends_with(End::Goaway(ENHANCE_YOUR_CALM))
        .await;
    let value = "v".repeat(1024 * 1024);
    let huge = call_with(&header_block(&[("x-huge", &value)]));
    Attack::new("a field of a mebibyte", &huge)
        .ends_with(End::Goaway(ENHANCE_YOUR_CALM))
        .await;
}

#[tokio::test(start_paused = true)]
async fn bombs() {
    Attack::new("a bomb of 4 MiB", &call_with(&bomb(4000, 1000)))
        .ends_with(End::Goaway(ENHANCE_YOUR_CALM))
        .await;
    Attack::new("a bomb of 800 MiB", &call_with(&bomb(4000, 200_000)))
        .ends_with(End::Goaway(ENHANCE_YOUR_CALM))
        .await;
    // Below the limit of each list, many times.
    let small = bytes((0..100).map(|call| {
        let fields = header_block(&call_fields("/no/body"));
        let block = [&fields[..], &bomb(3000, 3)].concat();
        Frame::new(kind::HEADERS, END_HEADERS | END_STREAM, 2 * call + 1, block)
    }));
    Attack::new("many small bombs", &small)
        .memory_max(1024 * KIB)
        .ends_with(End::Nothing)
        .await;
}

#[tokio::test(start_paused = true)]
async fn blocks_that_are_no_hpack() {
    for (name, block) in [
        ("index 0", &b"\x80"[..]),
        ("an index that is not there", b"\xff\xff\x7f"),
        (
            "an integer without end",
            b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
        ),
        (
            "an integer that overflows",
            b"\x7f\xff\xff\xff\xff\xff\xff\xff\xff\x01",
        ),
        ("a string of 4 GiB", b"\0\x01a\x7f\x80\xff\xff\xff\x0f"),
        ("a string that is cut", b"\0\x01a\x05bc"),
        (
            "Huffman code that ends in EOS",
            b"\0\x01a\x84\xff\xff\xff\xff",
        ),
        ("a table larger than allowed", b"\x3f\xff\xff\xff\x0f"),
        ("a table resized in the middle", b"\0\x01a\x01b\x20"),
    ] {
        let code = PROTOCOL_ERROR;
        Attack::new(name, &call_with(block))
            .ends_with(End::Goaway(code))
            .await;
    }
}

/// HEADERS of these fields, ended.
async fn check_fields(name: &str, fields: &[(&str, &str)], end: End) {
    let frames = bytes([Frame::headers(1, fields).ending()]);
    Attack::new(name, &frames).ends_with(end).await;
}

#[tokio::test(start_paused = true)]
async fn fields_that_make_no_call() {
    let malformed = End::Reset(1, PROTOCOL_ERROR);
    let call = call_fields("/test.Test/Unary");
    for missing in [":method", ":scheme", ":path"] {
        let kept = call.into_iter().filter(|field| field.0 != missing);
        check_fields(missing, &kept.collect::<Vec<_>>(), malformed).await;
    }
    check_fields("no field at all", &[], malformed).await;
    for twice in [(":path", "/a/b"), (":method", "POST"), (":status", "200")] {
        let fields = [&[twice][..], &call].concat();
        check_fields(twice.0, &fields, malformed).await;
    }
    for added in [
        (":authority", "behind the others"),
        ("connection", "close"),
        ("transfer-encoding", "chunked"),
        ("te", "gzip"),
    ] {
        let fields = [&call[..], &[added]].concat();
        check_fields(added.0, &fields, malformed).await;
    }
    for path in ["", "no-slash", "http://a/b/c d"] {
        check_fields(path, &call_fields(path), malformed).await;
    }
}

#[tokio::test(start_paused = true)]
async fn fields_that_cannot_be() {
    // Section 8.1.1 would have a stream error; `h2` closes the connection.
    let impossible = End::Goaway(PROTOCOL_ERROR);
    let call = call_fields("/test.Test/Unary");
    for added in [
        ("X-Upper", "case"),
        ("x", "two\r\nlines"),
        ("x y", "a name with a space"),
        ("", "no name"),
    ] {
        let fields = [&call[..], &[added]].concat();
        check_fields(added.1, &fields, impossible).await;
    }
    let fields = [&[(":what", "an unknown pseudo-header")][..], &call].concat();
    check_fields(":what", &fields, impossible).await;
}

/// Where in an answer to our client a block is.
#[derive(Clone, Copy, Debug)]
enum Place {
    Hint,
    Headers,
    Trailers,
}

impl Place {
    /// An answer that is well but for this block, which goes behind what has to be there.
    fn answer(self, stream: u32, added: &[u8]) -> Vec<u8> {
        let with = |place: Place, fields: &[(&str, &str)]| {
            let added = if place as u8 == self as u8 {
                added
            } else {
                b""
            };
            [&header_block(fields)[..], added].concat()
        };
        let fields = [(":status", "200"), ("content-type", "application/grpc")];
        [
            headers(stream, &with(Place::Hint, &[(":status", "103")]), 0),
            headers(stream, &with(Place::Headers, &fields), 0),
            bytes([Frame::data(stream, framed(b"m"))]),
            headers(
                stream,
                &with(Place::Trailers, &[("grpc-status", "0")]),
                END_STREAM,
            ),
        ]
        .concat()
    }
}

/// A connection of our client.
struct Answering {
    channel: Channel,
    socket: FramedSocket,
}

impl Answering {
    async fn new(endpoint: impl FnOnce(Endpoint) -> Endpoint) -> Answering {
        let peer = H2Server::bind();
        let channel = Channel::lazy(endpoint(peer.endpoint())).unwrap();
        let first = channel.clone();
        let call = tokio::spawn(async move { unary(&first, text("m")).await });
        let socket = FramedSocket::server(peer.socket().await).await;
        let mut answering = Answering { channel, socket };
        answering.answer(Place::Trailers, b"").await;
        call.await.unwrap().unwrap();
        answering
    }

    async fn answer(&mut self, place: Place, added: &[u8]) {
        let request = self.socket.next_of(kind::DATA).await.expect("a request");
        self.socket
            .write(&place.answer(request.stream, added))
            .await;
    }

    /// What a call ends with that is answered like this, on the same connection.
    async fn call(&mut self, place: Place, added: &[u8]) -> Result<(), Status> {
        let channel = self.channel.clone();
        let call = tokio::spawn(async move { unary(&channel, text("m")).await });
        self.answer(place, added).await;
        call.await.unwrap().map(|response| {
            assert_eq!(response.into_inner(), "m");
        })
    }

    /// The call is refused for the size of its headers, and the connection goes on.
    async fn refuses(&mut self, name: &str, place: Place, added: &[u8]) {
        let status = self.call(place, added).await.expect_err(name);
        assert_eq!(status.code(), Code::ResourceExhausted, "{name}: {status}");
        let expected = "larger than the 16384 bytes that are accepted";
        assert!(status.message().contains(expected), "{name}: {status}");
        self.call(place, b"").await.unwrap();
    }
}

/// A literal field whose value is so many times `0`, of five bits each (RFC 7541, appendix B).
fn zeros(bytes: usize) -> Vec<u8> {
    let packed = bytes / 8 * 5;
    let mut field = header_block(&[("x", &"\0".repeat(packed))]).to_vec();
    const HUFFMAN: u8 = 0x80;
    let value = field.len() - packed;
    // The length of the value takes more than one byte, of which the first has the flag.
    let length = field[..value].iter().rposition(|&byte| byte == 127);
    field[length.expect("a long value")] |= HUFFMAN;
    field
}

#[tokio::test(start_paused = true)]
async fn lists_of_a_server_beyond_the_limit() {
    let field = |kib: usize| header_block(&[("x", &"v".repeat(kib * 1024))]).to_vec();
    let behind = |mut block: Vec<u8>, fields: &[(&str, &str)]| {
        block.extend(header_block(fields));
        block
    };
    let attacks = [
        ("a field of 17 KiB", field(17)),
        ("a field of 40 KiB", field(40)),
        // From here on `h2` drops the field.
        ("a field of 60 KiB", field(60)),
        ("a field of 90 KiB", field(90)),
        (
            "a field of 60 KiB before another",
            behind(field(60), &[("y", "")]),
        ),
        ("a field of 60 KiB, packed", zeros(60 * 1024)),
        ("a field of 120 KiB, packed", zeros(120 * 1024)),
    ];
    let mut client = Answering::new(|endpoint| endpoint).await;
    for (name, block) in attacks {
        for place in [Place::Hint, Place::Headers, Place::Trailers] {
            let name = format!("{name} in {place:?}");
            client.refuses(&name, place, &block).await;
        }
    }
    // Of an interim response only the block counts, which is small here.
    for (name, block) in [
        ("a bomb of 20 KiB", bomb(4000, 4)),
        ("a bomb of 50 KiB", bomb(4000, 12)),
        ("600 fields", header_block(&[("x", ""); 600]).to_vec()),
    ] {
        for place in [Place::Headers, Place::Trailers] {
            client.refuses(name, place, &block).await;
        }
        client.call(Place::Hint, &block).await.unwrap();
    }
    let bomb = bomb(4000, 20);
    let name = "a bomb of 80 KiB";
    client.refuses(name, Place::Trailers, &bomb).await;
    // `h2` refuses these by itself, and does not say whether they were malformed.
    for place in [Place::Hint, Place::Headers] {
        let status = client.call(place, &bomb).await.expect_err(name);
        assert_eq!(status.code(), Code::Internal, "{name}: {status}");
        let expected = "malformed or larger than the 16384 bytes";
        assert!(status.message().contains(expected), "{name}: {status}");
    }
}

#[tokio::test(start_paused = true)]
async fn lists_of_a_server_up_to_the_limit() {
    const FIELD_BYTES: usize = 32;
    const HERE: usize = "grpc-status".len() + "0".len() + FIELD_BYTES + "x".len() + FIELD_BYTES;
    let padded = |bytes: usize| header_block(&[("x", &"v".repeat(bytes - HERE))]);
    let mut client = Answering::new(|endpoint| endpoint).await;
    let whole = padded(16 * 1024);
    client.call(Place::Trailers, &whole).await.unwrap();
    let more = padded(16 * 1024 + 1);
    client.refuses("a byte more", Place::Trailers, &more).await;

    let mut client = Answering::new(|endpoint| endpoint.max_header_list_bytes(80 * 1024)).await;
    client
        .call(Place::Trailers, &padded(80 * 1024))
        .await
        .unwrap();
    let mut client = Answering::new(|endpoint| endpoint.max_header_list_bytes(100)).await;
    let status = client.call(Place::Headers, &padded(200)).await.unwrap_err();
    assert!(status.message().contains("100 bytes"), "{status}");
}
