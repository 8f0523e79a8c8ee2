// SPDX-License-Identifier: Apache-2.0

internal import CommandKit

/// What `-h` prints.
enum Usage {
    static func print(to descriptor: Int32) { _ = System.write(Array(text.utf8), to: descriptor) }

    private static let text = """
        Usage: ss [OPTION]... [state STATE | exclude STATE]... [FILTER]

        Which sockets; several add up, none means all that are connected:
          -t, --tcp   -u, --udp   -w, --raw   -d, --dccp   -S, --sctp   -M, --mptcp
          -x, --unix  -0, --packet  --vsock   -4, --ipv4   -6, --ipv6
          -f, --family FAMILY    unix, inet, inet6, link, netlink, vsock
          -A, --query LIST       all, inet, tcp, udp, raw, mptcp, dccp, sctp, unix, unix_stream, unix_dgram,
                                 unix_seqpacket, packet, packet_raw, packet_dgram, netlink, vsock_stream,
                                 vsock_dgram; !NAME leaves one out
          -a, --all              in every state
          -l, --listening        that wait for connections
          -B, --bound-inactive   bound to a port and idle
          -N, --net NAME         in the network namespace NAME

        What is told of them:
          -o, --options          timers
          -e, --extended         user, file number, cookie, mark, control group
          -m, --memory           memory
          -p, --processes        who holds them
          -T, --threads          which threads hold them
          -i, --info             what TCP knows
          -b, --bpf              packet filters
              --tos              type of service, class, priority
              --cgroup           control group
              --inet-sockopt     options
          -s, --summary          only how many there are

        How:
          -n, --numeric          ports and rates as numbers
          -r, --resolve          addresses as names
          -H, --no-header   -Q, --no-queues   -O, --oneline
          -j, --json             as JSON; --pretty indents it
          -F, --filter FILE      the filter's first words are in FILE
          -D, --diag FILE        writes the kernel's messages about TCP sockets to FILE; TCPDIAG_FILE=FILE ss reads them
          -K, --kill             closes them
          -E, --events           shows them as they close

        STATE: established, syn-sent, syn-recv, fin-wait-1, fin-wait-2, time-wait, closed, close-wait, last-ack,
               listening, closing, bound-inactive; all, connected, synchronized, bucket, big
        FILTER: conditions with and, or, not and ( ):
          src ADDRESS   dst ADDRESS   sport [= != < > <= >=] PORT   dport [...] PORT
          dev [= !=] LINK   fwmark [= !=] MARK[/MASK]   cgroup [= !=] PATH   autobound

        """
}
