// SPDX-License-Identifier: Apache-2.0

extension Usage {
    static let address = """
        Usage: ip address [show] [[dev] DEVICE] [SELECTION]...
               ip address {add | change | replace} [local] PREFIX dev DEVICE [SETTING]...
               ip address delete PREFIX dev DEVICE [peer PREFIX] [label LABEL]
               ip address {flush | save} [[dev] DEVICE] [SELECTION]...
               ip address {showdump | restore}
        SELECTION: to PREFIX | scope SCOPE | label PATTERN | proto NUMBER | [-]FLAG | primary | dynamic
                   up | down | group GROUP | master DEVICE | vrf NAME | nomaster | type KIND | novf
        SETTING: peer PREFIX | broadcast {ADDRESS | + | -} | anycast ADDRESS | scope SCOPE | label LABEL
                 metric NUMBER | proto PROTOCOL | valid_lft LIFETIME | preferred_lft LIFETIME
                 nodad | optimistic | home | mngtmpaddr | noprefixroute | autojoin
        FLAG: permanent | secondary | temporary | tentative | deprecated | dadfailed | nodad | optimistic
              home | mngtmpaddr | noprefixroute | autojoin | stable-privacy
        SCOPE: host | link | global | 0..255     LIFETIME: forever | SECONDS
        "showdump" and "restore" read from standard input what "save" wrote.
        """
}
