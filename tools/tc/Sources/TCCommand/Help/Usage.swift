// SPDX-License-Identifier: Apache-2.0

internal import CommandKit

/// The help texts, written from the grammar that this command accepts.
enum Usage {
    /// What is asked about.
    enum Topic {
        case general, qdisc, classes, monitor, sizeTable
        case filter, chain, action, genericAction, mirred, police, matchAll, firewallMark, u32
    }

    /// Prints a text on standard error, as iproute2 does, where the command does not fail.
    static func print(_ topic: Topic) { CommandError(text(topic), status: 0).report() }

    /// A text as an error.
    static func error(_ topic: Topic, status: Int32) -> CommandError {
        CommandError(text(topic), status: status)
    }

    static func text(_ topic: Topic) -> String {
        switch topic {
        case .general: general
        case .qdisc: qdisc
        case .classes: classes
        case .monitor: "Usage: tc [ -timestamp | -tshort ] monitor"
        case .sizeTable: sizeTable
        default: filterText(topic)
        }
    }

    private static let general = """
        Usage: tc [OPTIONS] OBJECT COMMAND
               tc [-force] -batch FILE
        OBJECT: qdisc | class | filter | chain | action | monitor
        OPTIONS: -V[ersion] -s[tatistics] -d[etails] -r[aw] -g[raph] -iec -j[son] -p[retty] -o[neline] -br[ief]
                 -b[atch] FILE  -force  -n[etns] NAME  -N[umeric]  -nm|-nam[es]  -cf|-conf FILE
                 -t[imestamp] -ts[hort]  -echo  -c[olor][=always|auto|never]
        "tc OBJECT help" tells about an object.
        """
    private static let qdisc = """
        Usage: tc qdisc { add | replace | change | link | del } dev DEVICE PLACE [ handle HANDLE ]
                  [ estimator INTERVAL TIME ] [ stab SIZES ] [ ingress_block NUMBER ] [ egress_block NUMBER ]
                  [ KIND [ OPTIONS ] ]
               tc qdisc [ show | list ] [ dev DEVICE ] [ PLACE | handle HANDLE ] [ invisible ]
        PLACE:  root | ingress | clsact | parent CLASS
        KIND:   \(QdiscWords.kindNames)
        "tc qdisc add KIND help" tells about a kind, "tc qdisc add stab help" about SIZES.
        """
    private static let classes = """
        Usage: tc class { add | replace | change | del } dev DEVICE { root | parent CLASS } [ classid CLASS ]
                  [ estimator INTERVAL TIME ] [ KIND [ OPTIONS ] ]
               tc class [ show | list ] dev DEVICE [ root | parent CLASS ] [ classid CLASS ]
        KIND:  htb
        """
    private static let sizeTable = """
        Usage: ... stab [ linklayer { ethernet | atm | adsl } ] [ overhead BYTES ] [ mpu BYTES ] [ mtu BYTES ]
                        [ tsize ENTRIES ]
          linklayer  how packets take room on the wire {ethernet}
          overhead   bytes that each packet takes beyond its own {0}
          mpu        the least that a packet counts {0}
          mtu        the largest packet of the table {2047}
          tsize      entries of the table {512}
        """
}
