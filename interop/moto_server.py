"""Runs moto's server on a free port of loopback, says which, and ends with its standard input.

The port is the operating system's choice, so that no two servers ever want the same one. Standard
input is a pipe that the test process holds: it closes even when that process is killed.
"""

import sys

from moto.server import ThreadedMotoServer

server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
_, port = server.get_host_and_port()
print(port, flush=True)
sys.stdin.read()
