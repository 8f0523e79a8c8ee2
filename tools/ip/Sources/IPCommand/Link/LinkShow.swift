// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkRoute

/// `ip link show`.
enum LinkShow {
    static func run(_ words: inout Words, _ session: inout Session) throws(CommandError) {
        let filter = try LinkFilter(&words, &session)
        let line = LinkLine(.link)
        if let device = filter.device {
            guard let link = try find(device, filter, &session) else { return }
            session.links.keep(link)
            session.output.beginArray()
            print(link, filter, line, in: &session)
            session.output.endArray()
            return
        }
        let links = try session.links(filter.dump(session.options))
        for link in links { session.links.keep(link) }
        session.output.beginArray()
        // The kernel knows no filter for links without a master.
        let withoutMaster = filter.master == InterfaceIndex.none
        for link in links where !withoutMaster || link.master == nil {
            print(link, filter, line, in: &session)
        }
        session.output.endArray()
    }

    private static func print(_ link: Link, _ filter: LinkFilter, _ line: LinkLine, in session: inout Session) {
        session.output.beginObject()
        if filter.accepts(link) {
            if session.options.brief {
                line.printBrief(link, in: &session)
            } else {
                line.print(link, in: &session)
            }
        }
        session.output.endObject()
    }

    private static func find(
        _ device: Word, _ filter: LinkFilter, _ session: inout Session
    ) throws(CommandError) -> Link? {
        switch try session.link(.name(device.string), filter.detail(session.options)) {
        case .success(let link): return link
        case .failure(let error):
            guard error.isNotFound || error.isInvalid else { throw KernelAnswer.refusal(error) }
            guard isNumbered(device) else { throw .deviceDoesNotExist(device) }
            // A name such as if7 passes for a number, and the kernel is asked.
            let what: StaticString = filter.group == nil ? "link get" : "link"
            let refusal = CommandError(
                "RTNETLINK answers: No such device\nCannot send \(what) request: No such device", status: 1)
            if filter.group == nil { throw refusal }
            refusal.report()
            return nil
        }
    }

    private static func isNumbered(_ name: Word) -> Bool {
        name.hasPrefix("if") && name.dropFirst(2).leadingInteger > 0
    }
}
