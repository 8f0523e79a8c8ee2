// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkTC

/// Draws classes as a tree, as `-g` asks.
struct ClassGraph {
    private struct Node {
        let value: TrafficClass
        var children: [Int] = []
        var reached = false
    }

    private var nodes: [Node]

    /// Takes classes in the order in which the kernel lists them.
    init(_ classes: [TrafficClass]) { nodes = classes.map { Node(value: $0) } }

    /// Draws all of them, the last listed first; what is below no root is left out.
    mutating func print(_ session: inout Session) {
        let roots = nodes.indices.reversed().filter { nodes[$0].value.parent == .root }
        print(roots, [], &session)
    }

    /// Draws siblings; `indent` holds what continues the lines of those above.
    private mutating func print(_ siblings: [Int], _ indent: [UInt8], _ session: inout Session) {
        for (position, index) in siblings.enumerated() where !nodes[index].reached {
            nodes[index].reached = true
            let isLast = position == siblings.count - 1
            // Each class is drawn once, whatever parents a kernel tells.
            let handle = nodes[index].value.handle
            let children = nodes.indices.filter { !nodes[$0].reached && nodes[$0].value.parent == handle }
            print(nodes[index].value, indent, isLast, !children.isEmpty, &session)
            let below = indent + Array((isLast ? "     " : "|    ").utf8)
            print(children, below, &session)
            if isLast {
                session.output.text(children.isEmpty ? indent : below)
                session.output.endLine()
            }
        }
    }

    private func print(
        _ value: TrafficClass, _ indent: [UInt8], _ isLast: Bool, _ hasChildren: Bool, _ session: inout Session
    ) {
        let name = value.kind?.name ?? ""
        let id = session.text(of: value.handle)
        session.output.text(indent)
        session.output.text("+---(")
        session.output.text(id)
        session.output.text(") ")
        session.output.text(name)
        session.output.text(" ")
        let entry = ClassTable.entry(name)
        if let entry, let kind = value.kind { entry.print(kind, &session) }
        if session.options.statistics > 0, let statistics = value.state?.statistics, QdiscTable.entry(name) != nil {
            let own: StaticString =
                switch (isLast, hasChildren) {
                case (false, true): "|    |"
                case (false, false): "|     "
                case (true, true): "     |"
                case (true, false): "      "
                }
            var lead = indent
            own.write(to: &lead)
            let spaces = [UInt8](repeating: 0x20, count: max(0, name.utf8.count - 2 + id.count))
            session.output.endLine()
            StatisticsText.print(statistics, lead + spaces, &session)
            if !isLast || hasChildren {
                session.output.endLine()
                session.output.text(lead)
            }
        }
        session.output.endLine()
    }
}
