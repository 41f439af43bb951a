"""The rows of the table, as Python's grpcio calls our servers: `client.py ROW ADDRESS`.

Never prints: a row that returns has passed, one that raises tells what was wrong.
"""

import sys

import grpc
from google.protobuf import any_pb2
from google.rpc import error_details_pb2, status_pb2
from grpc_status import rpc_status

import bidirectional_pb2
import bidirectional_pb2_grpc
import greeter_pb2
import greeter_pb2_grpc
import peer_pb2
import peer_pb2_grpc
import unary_pb2
import unary_pb2_grpc

MIB = 1024 * 1024
MESSAGES = 10_000

# Keys with their values in order: repeated ones, and bytes under the `-bin` keys.
METADATA = (
    ("x-one", "a value, with a comma"),
    ("x-repeated", "first"),
    ("x-repeated", "second"),
    ("x-repeated", "third"),
    ("x-one-bin", bytes([0, 1, 2, 0xFD, 0xFE, 0xFF])),
    ("x-repeated-bin", b"a"),
    ("x-repeated-bin", b"ab"),
    ("x-repeated-bin", b"abc"),
    ("x-repeated-bin", b"\xff" * 100),
)

# Not ASCII, with characters that percent-encoding uses and must encode.
MESSAGE = "100 % caf\u00e9 \u65e5\u672c \U0001f980\ttab\nline"


def greeter(channel):
    stub = greeter_pb2_grpc.HelloServiceStub(channel)
    reply = stub.SayHello(greeter_pb2.HelloRequest(greeting="Python")).reply
    expect(reply, "Hello, Python!")


def unary(channel):
    stub = unary_pb2_grpc.UnaryStub(channel)
    response = stub.GetServerResponse(unary_pb2.Message(message="hi"))
    expect(response.message, 'Hello I am up and running received "hi" message from you')
    expect(response.received, True)


def bidirectional(channel):
    stub = bidirectional_pb2_grpc.BidirectionalStub(channel)
    texts = ["one", "two", "three"]
    requests = (bidirectional_pb2.Message(message=text) for text in texts)
    expect([echo.message for echo in stub.GetServerResponse(requests)], texts)


def metadata(channel):
    stub = peer_pb2_grpc.PeerStub(channel)
    _, call = stub.Echo.with_call(peer_pb2.EchoRequest(), metadata=METADATA)
    expect(echoed(call.initial_metadata()), by_key(METADATA))
    expect(echoed(call.trailing_metadata()), by_key(METADATA))


def status(channel):
    for code in grpc.StatusCode:
        if code != grpc.StatusCode.OK:
            error = fail(channel, status_pb2.Status(code=code.value[0], message=MESSAGE))
            expect(error.code(), code)
            expect(error.details(), MESSAGE)
            expect(echoed(error.trailing_metadata()), by_key(METADATA))


def details(channel):
    info = error_details_pb2.ErrorInfo(
        reason="STOPPED", domain="peer.example", metadata={"key": "value"}
    )
    detail = any_pb2.Any()
    detail.Pack(info)
    code = grpc.StatusCode.FAILED_PRECONDITION
    wanted = status_pb2.Status(code=code.value[0], message=MESSAGE, details=[detail])
    error = fail(channel, wanted)
    expect(error.code(), code)
    expect(rpc_status.from_call(error), wanted)


def fail(channel, wanted):
    stub = peer_pb2_grpc.PeerStub(channel)
    return error_of(lambda: stub.Fail(wanted, metadata=METADATA))


def deadline(channel):
    stub = peer_pb2_grpc.PeerStub(channel)
    reply = stub.Echo(peer_pb2.EchoRequest())
    expect(reply.HasField("allowed_ms"), False)

    reply = stub.Echo(peer_pb2.EchoRequest(), timeout=1_000)
    # grpcio rounds what it sends up, by less than a hundredth.
    assert 900_000 <= reply.allowed_ms <= 1_010_000, reply.allowed_ms

    key = peer_pb2.Key(key="deadline")
    responses = stub.Hang(key, timeout=0.3)
    next(responses)
    error = error_of(lambda: next(responses))
    expect(error.code(), grpc.StatusCode.DEADLINE_EXCEEDED)
    stub.AwaitEnd(key)


def cancellation(channel):
    stub = peer_pb2_grpc.PeerStub(channel)
    key = peer_pb2.Key(key="cancelled")
    responses = stub.Hang(key)
    next(responses)
    responses.cancel()
    stub.AwaitEnd(key)


def large(channel):
    stub = peer_pb2_grpc.PeerStub(channel)
    payload = (bytes(range(251)) * (3 * MIB // 251 + 1))[: 3 * MIB]
    reply = stub.Echo(peer_pb2.EchoRequest(payload=payload))
    expect(reply.payload == payload, True)


def too_large(channel):
    stub = peer_pb2_grpc.PeerStub(channel)
    for request in (
        peer_pb2.EchoRequest(payload=b"\x01" * (5 * MIB)),
        peer_pb2.EchoRequest(reply_bytes=5 * MIB),
    ):
        error = error_of(lambda request=request: stub.Echo(request))
        expect(error.code(), grpc.StatusCode.RESOURCE_EXHAUSTED)
    # The connection outlives both.
    stub.Echo(peer_pb2.EchoRequest())


def server_stream(channel):
    stub = peer_pb2_grpc.PeerStub(channel)
    numbers = [message.number for message in stub.Count(peer_pb2.Limit(limit=MESSAGES))]
    expect(numbers == list(range(MESSAGES)), True)


def client_stream(channel):
    stub = peer_pb2_grpc.PeerStub(channel)
    total = stub.Sum(peer_pb2.Number(number=number) for number in range(MESSAGES))
    expect((total.count, total.sum), (MESSAGES, sum(range(MESSAGES))))


def bidi_stream(channel):
    stub = peer_pb2_grpc.PeerStub(channel)
    requests = (peer_pb2.Number(number=number) for number in range(MESSAGES))
    numbers = [message.number for message in stub.Chat(requests)]
    expect(numbers == list(range(MESSAGES)), True)


def error_of(call):
    try:
        call()
    except grpc.RpcError as error:
        return error
    raise AssertionError("the call succeeded")


def echoed(items):
    return by_key(item for item in items if item[0].startswith("x-"))


def by_key(items):
    values = {}
    for key, value in items:
        values.setdefault(key, []).append(value)
    return values


def expect(received, wanted):
    assert received == wanted, f"received {received!r}, wanted {wanted!r}"


ROWS = {
    "greeter": greeter,
    "unary": unary,
    "bidirectional": bidirectional,
    "metadata": metadata,
    "status": status,
    "details": details,
    "deadline": deadline,
    "cancellation": cancellation,
    "large": large,
    "too-large": too_large,
    "server-stream": server_stream,
    "client-stream": client_stream,
    "bidi-stream": bidi_stream,
}


def main():
    _, row, address = sys.argv
    with grpc.insecure_channel(address) as channel:
        ROWS[row](channel)


if __name__ == "__main__":
    main()
