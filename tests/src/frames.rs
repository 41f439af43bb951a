//! HTTP/2 frames by hand (RFC 9113), for peers that do what `h2` would not.
//!
//! Never checks what it sends, and never looks into a header block that it reads.

use bytes::{BufMut, Bytes, BytesMut};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::UnixStream;

/// What a client sends first (section 3.4).
pub const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// The types of frames (section 6).
pub mod kind {
    #![allow(missing_docs)]
    pub const DATA: u8 = 0;
    pub const HEADERS: u8 = 1;
    pub const PRIORITY: u8 = 2;
    pub const RST_STREAM: u8 = 3;
    pub const SETTINGS: u8 = 4;
    pub const PUSH_PROMISE: u8 = 5;
    pub const PING: u8 = 6;
    pub const GOAWAY: u8 = 7;
    pub const WINDOW_UPDATE: u8 = 8;
    pub const CONTINUATION: u8 = 9;
}

/// The error codes of RST_STREAM and GOAWAY (section 7).
pub mod code {
    #![allow(missing_docs)]
    pub const NO_ERROR: u32 = 0;
    pub const PROTOCOL_ERROR: u32 = 1;
    pub const FLOW_CONTROL_ERROR: u32 = 3;
    pub const STREAM_CLOSED: u32 = 5;
    pub const FRAME_SIZE_ERROR: u32 = 6;
    pub const REFUSED_STREAM: u32 = 7;
    pub const CANCEL: u32 = 8;
    pub const COMPRESSION_ERROR: u32 = 9;
    pub const ENHANCE_YOUR_CALM: u32 = 11;
}

/// On SETTINGS and PING.
pub const ACK: u8 = 0x1;
/// On DATA and HEADERS.
pub const END_STREAM: u8 = 0x1;
/// On HEADERS and CONTINUATION.
pub const END_HEADERS: u8 = 0x4;

/// A frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Its type.
    pub kind: u8,
    /// Its flags.
    pub flags: u8,
    /// Its stream, 0 for the connection.
    pub stream: u32,
    /// What is in it.
    pub payload: Bytes,
}

impl Frame {
    /// Any frame.
    pub fn new(kind: u8, flags: u8, stream: u32, payload: impl Into<Bytes>) -> Frame {
        Frame {
            kind,
            flags,
            stream,
            payload: payload.into(),
        }
    }

    /// SETTINGS of these identifiers and values.
    pub fn settings(settings: &[(u16, u32)]) -> Frame {
        let mut payload = BytesMut::new();
        for &(identifier, value) in settings {
            payload.put_u16(identifier);
            payload.put_u32(value);
        }
        Frame::new(kind::SETTINGS, 0, 0, payload)
    }

    /// HEADERS of these fields, which do not end the stream.
    pub fn headers(stream: u32, fields: &[(&str, &str)]) -> Frame {
        Frame::new(kind::HEADERS, END_HEADERS, stream, header_block(fields))
    }

    /// HEADERS of a gRPC call of this path.
    pub fn call(stream: u32, path: &str) -> Frame {
        Frame::headers(stream, &call_fields(path))
    }

    /// DATA that does not end the stream.
    pub fn data(stream: u32, payload: impl Into<Bytes>) -> Frame {
        Frame::new(kind::DATA, 0, stream, payload)
    }

    /// RST_STREAM.
    pub fn reset(stream: u32, code: u32) -> Frame {
        Frame::new(kind::RST_STREAM, 0, stream, code.to_be_bytes().to_vec())
    }

    /// GOAWAY without debug data.
    pub fn goaway(last_stream: u32, code: u32) -> Frame {
        let mut payload = BytesMut::new();
        payload.put_u32(last_stream);
        payload.put_u32(code);
        Frame::new(kind::GOAWAY, 0, 0, payload)
    }

    /// WINDOW_UPDATE.
    pub fn window_update(stream: u32, bytes: u32) -> Frame {
        Frame::new(kind::WINDOW_UPDATE, 0, stream, bytes.to_be_bytes().to_vec())
    }

    /// The same frame, ending its stream.
    pub fn ending(mut self) -> Frame {
        self.flags |= END_STREAM;
        self
    }

    /// The error code of a RST_STREAM.
    pub fn reset_code(&self) -> u32 {
        u32::from_be_bytes(self.payload[..4].try_into().expect("four bytes"))
    }

    /// The error code of a GOAWAY.
    pub fn goaway_code(&self) -> u32 {
        u32::from_be_bytes(self.payload[4..8].try_into().expect("four bytes"))
    }

    /// The frame as it travels.
    pub fn encode(&self) -> Bytes {
        let length = u32::try_from(self.payload.len()).expect("a small payload");
        let mut bytes = BytesMut::with_capacity(9 + self.payload.len());
        bytes.put_uint(length.into(), 3);
        bytes.put_u8(self.kind);
        bytes.put_u8(self.flags);
        bytes.put_u32(self.stream);
        bytes.put_slice(&self.payload);
        bytes.freeze()
    }
}

/// The header fields of a gRPC call of this path.
pub fn call_fields(path: &str) -> [(&str, &str); 6] {
    [
        (":method", "POST"),
        (":scheme", "http"),
        (":path", path),
        (":authority", "localhost"),
        ("content-type", "application/grpc"),
        ("te", "trailers"),
    ]
}

/// Fields as they travel.
pub fn header_block(fields: &[(&str, &str)]) -> Bytes {
    let mut block = BytesMut::new();
    for (name, value) in fields {
        // "Literal Header Field without Indexing -- New Name" (RFC 7541, section 6.2.2).
        block.put_u8(0);
        put_string(&mut block, name);
        put_string(&mut block, value);
    }
    block.freeze()
}

/// A string without Huffman coding (RFC 7541, section 5.2).
fn put_string(block: &mut BytesMut, text: &str) {
    const PREFIX_MAX: usize = 127;
    if text.len() < PREFIX_MAX {
        block.put_u8(text.len() as u8);
    } else {
        block.put_u8(PREFIX_MAX as u8);
        let mut rest = text.len() - PREFIX_MAX;
        while rest >= 128 {
            block.put_u8((rest % 128 + 128) as u8);
            rest /= 128;
        }
        block.put_u8(rest as u8);
    }
    block.put_slice(text.as_bytes());
}

async fn read_frame(io: &mut (impl AsyncRead + Unpin)) -> Option<Frame> {
    let mut head = [0; 9];
    io.read_exact(&mut head).await.ok()?;
    let [a, b, c, kind, flags, stream @ ..] = head;
    let mut payload = vec![0; u32::from_be_bytes([0, a, b, c]) as usize];
    io.read_exact(&mut payload).await.ok()?;
    Some(Frame::new(
        kind,
        flags,
        u32::from_be_bytes(stream) & 0x7fff_ffff,
        payload,
    ))
}

/// A connection of hand-written frames.
pub struct FramedSocket<Io = UnixStream> {
    io: Io,
}

impl<Io: AsyncRead + AsyncWrite + Unpin> FramedSocket<Io> {
    /// A client's end, with the preface, empty settings and the acknowledgement of the server's sent.
    pub async fn client(io: Io) -> FramedSocket<Io> {
        let mut socket = FramedSocket { io };
        socket.write(PREFACE).await;
        socket.send(Frame::settings(&[])).await;
        socket
            .send(Frame::new(kind::SETTINGS, ACK, 0, Bytes::new()))
            .await;
        socket
    }

    /// A server's end, with the client's preface read and settings sent and acknowledged.
    pub async fn server(mut io: Io) -> FramedSocket<Io> {
        let mut preface = [0; PREFACE.len()];
        io.read_exact(&mut preface).await.expect("a preface");
        let mut socket = FramedSocket { io };
        socket.send(Frame::settings(&[])).await;
        socket
            .send(Frame::new(kind::SETTINGS, ACK, 0, Bytes::new()))
            .await;
        socket
    }

    /// Sends any bytes; what a peer that has gone does with them does not matter.
    pub async fn write(&mut self, bytes: &[u8]) {
        let _ = self.io.write_all(bytes).await;
    }

    /// Sends a frame.
    pub async fn send(&mut self, frame: Frame) {
        self.write(&frame.encode()).await;
    }

    /// The next frame, `None` at the end of the connection.
    pub async fn next(&mut self) -> Option<Frame> {
        read_frame(&mut self.io).await
    }

    /// Skips frames until one of this type comes; `None` at the end of the connection.
    pub async fn next_of(&mut self, kind: u8) -> Option<Frame> {
        loop {
            let frame = self.next().await?;
            if frame.kind == kind {
                return Some(frame);
            }
        }
    }

    /// Sends bytes as fast as they are taken, reading meanwhile: the first frame that is wanted, `None` at the end of the
    /// connection.
    pub async fn exchange(
        &mut self,
        bytes: &[u8],
        mut is_wanted: impl FnMut(&Frame) -> bool,
    ) -> Option<Frame> {
        let (mut reader, mut writer) = tokio::io::split(&mut self.io);
        let writing = async {
            let _ = writer.write_all(bytes).await;
            std::future::pending().await
        };
        let reading = async {
            loop {
                let frame = read_frame(&mut reader).await?;
                if is_wanted(&frame) {
                    return Some(frame);
                }
            }
        };
        tokio::select! {
            () = writing => unreachable!("it never ends"),
            frame = reading => frame,
        }
    }

    /// Skips everything up to the end of the connection.
    pub async fn closed(&mut self) {
        while self.next().await.is_some() {}
    }
}
