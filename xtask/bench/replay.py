"""A server that gives the replies of another one again: what a client waits for, without what the server computes.

    with Replay(port, upstream) as replay:
        ...                    # each request goes to `upstream`, a port of this machine, and its reply is kept
        replay.latency = 0.04  # from now on a request that was made before is answered from memory, so many seconds later
        ...
        replay.calls, replay.unknown

Connections are kept open, as AWS keeps them. A request that was not made before still goes to `upstream`, and is counted."""
import asyncio
import http.client
import threading

# What a request is told apart by, beside its method, target and body: signatures and dates are other ones each time.
TOLD_APART_BY = "x-amz-target"


class Replay:
    def __init__(self, port, upstream):
        self.port, self.upstream = port, upstream
        self.latency = None
        self.calls = self.unknown = 0
        self.replies = {}
        self.loop = asyncio.new_event_loop()

    def __enter__(self):
        self.server = self.loop.run_until_complete(asyncio.start_server(self.connection, "127.0.0.1", self.port))
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.server.close()

    async def connection(self, reader, writer):
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                line, *lines = head.decode("latin-1").rstrip().split("\r\n")
                headers = {name.lower(): value.strip() for name, value in (line.split(":", 1) for line in lines)}
                body = await reader.readexactly(int(headers.get("content-length", 0)))
                method, target, _ = line.split(" ")
                writer.write(await self.reply(method, target, headers, body))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def reply(self, method, target, headers, body):
        self.calls += 1
        key = (method, target, headers.get(TOLD_APART_BY), body)
        reply = self.replies.get(key)
        if self.latency is not None and reply is not None:
            await asyncio.sleep(self.latency)
            return reply
        self.unknown += 1
        reply = await asyncio.get_running_loop().run_in_executor(None, self.ask, method, target, headers, body)
        self.replies[key] = reply
        return reply

    def ask(self, method, target, headers, body):
        connection = http.client.HTTPConnection("127.0.0.1", self.upstream, timeout=120)
        connection.request(method, target, body, headers)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        kept = [(name, value) for name, value in answer.getheaders() if name.lower() not in ("connection", "transfer-encoding")]
        if method != "HEAD" and not answer.headers.get("content-length"):
            kept.append(("Content-Length", str(len(content))))
        lines = "".join(f"{name}: {value}\r\n" for name, value in kept)
        return f"HTTP/1.1 {answer.status} {answer.reason}\r\n{lines}\r\n".encode("latin-1") + content
