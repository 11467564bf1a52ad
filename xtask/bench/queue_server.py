"""An SQS queue in this process, as fast as its one processor: ReceiveMessage, DeleteMessage, DeleteMessageBatch,
ChangeMessageVisibility and GetQueueAttributes over the JSON protocol. moto's takes about 150 messages a second; a bench
of what reads them needs one that is not the limit. Messages are put in by calling `send`."""
import asyncio
import collections
import hashlib
import json
import threading
import time
import uuid

VISIBILITY = 30


class Queue:
    """`send` from any thread; `url` is the queue's."""

    def __init__(self, port):
        self.url = f"http://127.0.0.1:{port}/123456789012/events"
        self.waiting, self.taken = collections.deque(), {}
        self.loop = asyncio.new_event_loop()
        self.came = asyncio.Event()
        started = threading.Event()
        threading.Thread(target=self._run, args=(port, started), daemon=True).start()
        started.wait()

    def send(self, bodies):
        self.loop.call_soon_threadsafe(self._put, bodies)

    def left(self):
        return len(self.waiting) + len(self.taken)

    def _put(self, bodies):
        self.waiting.extend((str(uuid.uuid4()), body) for body in bodies)
        self.came.set()

    def _run(self, port, started):
        asyncio.set_event_loop(self.loop)
        self.loop.run_until_complete(asyncio.start_server(self._connection, "127.0.0.1", port))
        started.set()
        self.loop.run_forever()

    async def _connection(self, reader, writer):
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
                headers = dict(line.lower().split(": ", 1) for line in head[1:] if ": " in line)
                body = json.loads(await reader.readexactly(int(headers.get("content-length", 0))) or b"{}")
                operation = headers["x-amz-target"].split(".")[1]
                reply = json.dumps(await getattr(self, operation)(body)).encode()
                writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/x-amz-json-1.0\r\ncontent-length: "
                             + str(len(reply)).encode() + b"\r\n\r\n" + reply)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def receivemessage(self, asked):
        until = time.monotonic() + asked.get("WaitTimeSeconds", 0)
        self._late()
        while not self.waiting and (rest := until - time.monotonic()) > 0:
            self.came.clear()
            try:
                await asyncio.wait_for(self.came.wait(), min(rest, 1))
            except asyncio.TimeoutError:
                self._late()
        messages = []
        for _ in range(min(asked.get("MaxNumberOfMessages", 1), len(self.waiting))):
            name, body = self.waiting.popleft()
            self.taken[name] = (body, time.monotonic() + asked.get("VisibilityTimeout", VISIBILITY))
            messages.append({"MessageId": name, "ReceiptHandle": name, "Body": body,
                             "MD5OfBody": hashlib.md5(body.encode()).hexdigest(),
                             "Attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": str(int(time.time() * 1000))}})
        return {"Messages": messages} if messages else {}

    async def deletemessage(self, asked):
        self.taken.pop(asked["ReceiptHandle"], None)
        return {}

    async def deletemessagebatch(self, asked):
        for entry in asked["Entries"]:
            self.taken.pop(entry["ReceiptHandle"], None)
        return {"Successful": [{"Id": entry["Id"]} for entry in asked["Entries"]], "Failed": []}

    async def changemessagevisibility(self, asked):
        if asked["ReceiptHandle"] in self.taken:
            body, _ = self.taken[asked["ReceiptHandle"]]
            self.taken[asked["ReceiptHandle"]] = (body, time.monotonic() + asked["VisibilityTimeout"])
        return {}

    async def getqueueattributes(self, _):
        return {"Attributes": {"ApproximateNumberOfMessages": str(len(self.waiting))}}

    async def getqueueurl(self, _):
        return {"QueueUrl": self.url}

    def _late(self):
        now = time.monotonic()
        for name in [name for name, (_, until) in self.taken.items() if until < now]:
            self.waiting.append((name, self.taken.pop(name)[0]))
