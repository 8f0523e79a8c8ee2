// SPDX-License-Identifier: Apache-2.0

extension Usage {
    static let rule = """
        Usage: ip rule [show] [SELECTOR]...
               ip rule {add | delete} [SELECTOR]... [ACTION]...
               ip rule flush [SELECTOR]... [protocol PROTOCOL]
               ip rule {save | restore}
        SELECTOR: not | from PREFIX | to PREFIX | priority NUMBER | tos TOS | fwmark MARK[/MASK]
                  iif DEVICE | oif DEVICE | l3mdev | uidrange FIRST-LAST | ipproto PROTOCOL
                  sport {PORT[/MASK] | FIRST-LAST} | dport {PORT[/MASK] | FIRST-LAST} | tun_id NUMBER
                  dscp DSCP[/MASK] | flowlabel LABEL[/MASK]
                  table TABLE, of a listing
        ACTION: table TABLE | goto PRIORITY | nop | [type] {blackhole | unreachable | prohibit | TYPE}
                realms [SOURCE/]DESTINATION | suppress_prefixlength LENGTH | suppress_ifgroup GROUP
                protocol PROTOCOL | nat ADDRESS, which kernels to date ignore
        TABLE: local | main | default | NUMBER
        "restore" reads from standard input what "save" wrote.
        """
}
