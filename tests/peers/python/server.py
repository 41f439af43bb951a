"""The services of the examples and of the tests, as Python's grpcio serves them.

Prints `listening on ADDRESS` and serves until it is killed. Never checks anything: our client does.
"""

import threading
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor

import grpc
from grpc_status import rpc_status

import bidirectional_pb2
import bidirectional_pb2_grpc
import greeter_pb2
import greeter_pb2_grpc
import peer_pb2
import peer_pb2_grpc
import unary_pb2
import unary_pb2_grpc

NO_LIMIT_SECONDS = 1_000_000_000


class Greeter(greeter_pb2_grpc.HelloServiceServicer):
    def SayHello(self, request, context):
        return greeter_pb2.HelloResponse(reply=f"Hello, {request.greeting}!")


class Unary(unary_pb2_grpc.UnaryServicer):
    def GetServerResponse(self, request, context):
        text = f'Hello I am up and running received "{request.message}" message from you'
        return unary_pb2.MessageResponse(message=text, received=True)


class Bidirectional(bidirectional_pb2_grpc.BidirectionalServicer):
    def GetServerResponse(self, request_iterator, context):
        yield from request_iterator


class Peer(peer_pb2_grpc.PeerServicer):
    def __init__(self):
        self.ends = defaultdict(threading.Event)

    def Echo(self, request, context):
        metadata = echoed(context)
        context.send_initial_metadata(metadata)
        context.set_trailing_metadata(metadata)
        return peer_pb2.EchoReply(
            payload=bytes(request.reply_bytes) or request.payload,
            allowed_ms=allowed_ms(context),
        )

    def Fail(self, request, context):
        metadata = echoed(context)
        if request.details:
            status = rpc_status.to_status(request)
            context.set_trailing_metadata(metadata + tuple(status.trailing_metadata))
        else:
            context.set_trailing_metadata(metadata)
        codes = {code.value[0]: code for code in grpc.StatusCode}
        context.abort(codes[request.code], request.message)

    def Hang(self, request, context):
        end = self.ends[request.key]
        context.add_callback(end.set)
        yield peer_pb2.Nothing()
        end.wait()

    def AwaitEnd(self, request, context):
        self.ends[request.key].wait()
        return peer_pb2.Nothing()

    def Count(self, request, context):
        for number in range(request.limit):
            yield peer_pb2.Number(number=number)

    def Sum(self, request_iterator, context):
        total = peer_pb2.Total()
        for message in request_iterator:
            total.count += 1
            total.sum += message.number
        return total

    def Chat(self, request_iterator, context):
        yield from request_iterator


def allowed_ms(context):
    # Without a deadline grpcio tells the time until the end of its clock.
    remaining = context.time_remaining()
    return int(remaining * 1000) if remaining < NO_LIMIT_SECONDS else None


def echoed(context):
    return tuple(item for item in context.invocation_metadata() if item.key.startswith("x-"))


def main():
    server = grpc.server(ThreadPoolExecutor(max_workers=16))
    greeter_pb2_grpc.add_HelloServiceServicer_to_server(Greeter(), server)
    unary_pb2_grpc.add_UnaryServicer_to_server(Unary(), server)
    bidirectional_pb2_grpc.add_BidirectionalServicer_to_server(Bidirectional(), server)
    peer_pb2_grpc.add_PeerServicer_to_server(Peer(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(f"listening on 127.0.0.1:{port}", flush=True)
    server.wait_for_termination()


if __name__ == "__main__":
    main()
