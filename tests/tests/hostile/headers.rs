//! Header blocks: too large, broken, or made to grow when they are read (RFC 7541).

use crate::attack::{Attack, End, KIB, bytes};
use ironwire_tests::frames::code::{ENHANCE_YOUR_CALM, PROTOCOL_ERROR};
use ironwire_tests::frames::{END_HEADERS, END_STREAM, Frame, call_fields, header_block, kind};

/// HEADERS with this block behind the fields of a call, cut into frames.
fn call_with(block: &[u8]) -> Vec<u8> {
    const FRAME_BYTES_MAX: usize = 16 * 1024;
    let fields = header_block(&call_fields("/test.Test/Unary"));
    let block = [&fields[..], block].concat();
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
        frames.push(Frame::new(kind, end, 1, piece.to_vec()));
    }
    frames[0].flags |= END_STREAM;
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
