// SPDX-License-Identifier: Apache-2.0

extension Usage {
    static let neighbor = """
        Usage: ip neighbor [show] [to PREFIX] [SELECTION]...
               ip neighbor {add | change | replace} {[to] ADDRESS dev DEVICE | proxy ADDRESS [dev DEVICE]} [SETTING]...
               ip neighbor delete {[to] ADDRESS dev DEVICE | proxy ADDRESS [dev DEVICE]}
               ip neighbor get {[to] ADDRESS dev DEVICE | proxy ADDRESS [dev DEVICE]}
               ip neighbor flush [to PREFIX] [SELECTION]...
        SELECTION: dev DEVICE | nud {STATE | all} | proxy | unused | protocol PROTOCOL
                   master DEVICE | vrf NAME | nomaster
        SETTING: lladdr ADDRESS | nud STATE | router | use | managed | extern_learn | protocol PROTOCOL
        STATE: permanent | reachable | noarp | none | stale | incomplete | delay | probe | failed
        """
}
