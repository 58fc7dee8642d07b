"""An API client in the manner of MikroTik's manual: blocking, word by word. Usage: client.py HOST PORT USER PASSWORD

Each line of standard input is a JSON list: `talk`, `send` or `read`, then the words of a sentence. Each sentence that
arrives is printed as a JSON list of its words.
"""
import hashlib
import json
import socket
import sys


class Api:
    def __init__(self, host, port):
        self.socket = socket.create_connection((host, port), timeout=20)

    def write_word(self, word):
        data = word.encode("utf-8", "surrogateescape")
        length = len(data)
        if length < 0x80:
            head = length.to_bytes(1, "big")
        elif length < 0x4000:
            head = (length | 0x8000).to_bytes(2, "big")
        elif length < 0x200000:
            head = (length | 0xC00000).to_bytes(3, "big")
        elif length < 0x10000000:
            head = (length | 0xE0000000).to_bytes(4, "big")
        else:
            head = b"\xf0" + length.to_bytes(4, "big")
        # Length and word in writes of their own, as the manual's example does.
        self.socket.sendall(head)
        self.socket.sendall(data)

    def read_exactly(self, count):
        data = b""
        while len(data) < count:
            piece = self.socket.recv(count - len(data))
            if not piece:
                raise EOFError("connection closed by remote end")
            data += piece
        return data

    def read_word(self):
        first = self.read_exactly(1)[0]
        if first < 0x80:
            length = first
        elif first < 0xC0:
            length = (first & 0x3F) << 8 | self.read_exactly(1)[0]
        elif first < 0xE0:
            length = (first & 0x1F) << 16 | int.from_bytes(self.read_exactly(2), "big")
        elif first < 0xF0:
            length = (first & 0x0F) << 24 | int.from_bytes(self.read_exactly(3), "big")
        else:
            length = int.from_bytes(self.read_exactly(4), "big")
        return self.read_exactly(length).decode("utf-8", "surrogateescape")

    def write_sentence(self, words):
        for word in words:
            self.write_word(word)
        self.write_word("")

    def read_sentence(self):
        words = []
        while True:
            word = self.read_word()
            if word == "":
                if words:
                    return words
            else:
                words.append(word)

    def talk(self, words):
        self.write_sentence(words)
        replies = []
        while True:
            sentence = self.read_sentence()
            replies.append(sentence)
            if sentence[0] in ("!done", "!fatal"):
                return replies

    def login(self, user, password):
        replies = self.talk(["/login", "=name=" + user, "=password=" + password])
        for sentence in replies:
            for word in sentence:
                if word.startswith("=ret="):
                    digest = hashlib.md5(b"\x00" + password.encode() + bytes.fromhex(word[5:])).hexdigest()
                    return self.talk(["/login", "=name=" + user, "=response=00" + digest])
        return replies


def show(sentence):
    print(json.dumps(sentence), flush=True)


def main():
    host, port, user, password = sys.argv[1:5]
    api = Api(host, int(port))
    for sentence in api.login(user, password):
        show(sentence)
    for line in sys.stdin:
        order, *words = json.loads(line)
        if order == "send":
            api.write_sentence(words)
        elif order == "read":
            show(api.read_sentence())
        else:
            for sentence in api.talk(words):
                show(sentence)


main()
