// SPDX-License-Identifier: Apache-2.0

internal import CommandKit

/// The help texts, written from the grammar that this command accepts.
enum Usage {
    /// What is asked about.
    enum Topic {
        case general, address, route, neighbor, rule, netns, monitor
    }

    /// The text as an error, since iproute2 prints it on standard error and fails.
    static func error(_ topic: Topic, status: Int32) -> CommandError {
        CommandError(text(topic), status: status, endsBatch: true)
    }

    static func text(_ topic: Topic) -> String {
        switch topic {
        case .general: general
        case .address: address
        case .route: route
        case .neighbor: neighbor
        case .rule: rule
        case .netns: netns
        case .monitor: monitor
        }
    }

    private static let general = """
        Usage: ip [OPTIONS] OBJECT COMMAND
               ip [-force] -batch FILE
        OBJECT: link | address | route | neighbor | rule | netns | tuntap | monitor
        OPTIONS: -V[ersion] -s[tatistics] -d[etails] -r[esolve] -h[uman-readable] -iec -j[son] -p[retty]
                 -f[amily] inet|inet6|mpls|bridge|link  -4 -6 -M -B -0  -l[oops] COUNT  -o[neline]
                 -t[imestamp] -ts[hort]  -b[atch] FILE  -force  -rc[vbuf] BYTES  -n[etns] NAME  -N[umeric]
                 -a[ll]  -echo  -br[ief]  -c[olor][=always|auto|never]
        "ip OBJECT help" tells about an object.
        """
    private static let netns = """
        Usage: ip netns [ list ]
               ip netns add NAME
               ip netns attach NAME PID
               ip netns set NAME { auto | NSID }
               ip netns delete NAME
               ip -all netns delete
               ip netns identify [ PID ]
               ip netns pids NAME
               ip netns exec NAME COMMAND...
               ip -all netns exec COMMAND...
               ip netns list-id [ target-nsid NSID ] [ nsid NSID ]
               ip netns monitor
        NSID:  a number from 0 on
        """
    private static let monitor = """
        Usage: ip [ -timestamp | -tshort ] monitor [ all | OBJECT... ] [ dev DEVICE ] [ label ] [ all-nsid ]
               ip monitor file FILE [ dev DEVICE ] [ label ]
        OBJECT:  link | address | acaddress | maddress | route | mroute | prefix | neigh | rule | netconf | nsid
                 nexthop | stats
        "all" shows labels. "file" reads what "rtmon" recorded.
        """
}
