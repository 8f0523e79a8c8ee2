// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkRoute

/// `ip link show`.
enum LinkShow {
    static func run(_ words: inout Words, _ session: inout Session) throws(CommandError) {
        let filter = try parse(&words, &session)
        let line = LinkLine(.link)
        if let device = filter.device {
            let link = try find(device, filter, &session)
            session.links.keep(link)
            session.output.beginArray()
            print(link, filter, line, in: &session)
            session.output.endArray()
            return
        }
        var dump = LinkDump()
        dump.detail = detail(filter, session.options)
        if let master = filter.master, master != .none { dump.master = master }
        if filter.portKind == nil { dump.kind = filter.kind?.string }
        let links = try session.list(dump)
        for link in links { session.links.keep(link) }
        session.output.beginArray()
        for link in links {
            // The kernel would have left these out.
            if filter.master == InterfaceIndex.none, link.master != nil { continue }
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

    private static func detail(_ filter: LinkFilter, _ options: GlobalOptions) -> LinkDetail {
        var detail: LinkDetail = filter.showsVirtualFunctions ? .virtualFunctions : []
        if options.statistics == 0 { detail.insert(.withoutStatistics) }
        return detail
    }

    private static func find(
        _ device: Word, _ filter: LinkFilter, _ session: inout Session
    ) throws(CommandError) -> Link {
        let connection = try session.connection
        let detail = detail(filter, session.options)
        do throws(NetlinkError) {
            return try connection.query(LinkQuery(.name(device.string), detail: detail))
        } catch {
            if error.isNotFound { throw .deviceDoesNotExist(device) }
            throw KernelAnswer.refusal(error)
        }
    }

    // MARK: Words

    static func parse(_ words: inout Words, _ session: inout Session) throws(CommandError) -> LinkFilter {
        var filter = LinkFilter()
        while let word = words.next() {
            switch word {
            case "to": throw notInContext(try words.required())
            case "scope", "proto": _ = try words.required()
            case "up": filter.isUp = true
            case "down": filter.isUp = false
            case "novf": filter.showsVirtualFunctions = false
            case "label":
                _ = try words.required()
                filter.hasLabel = true
            case "group":
                let name = try words.required()
                guard let group = session.names.groups.number(name) else {
                    throw .invalid(name, "Invalid \"group\" value\n")
                }
                filter.group = group
            case "master":
                let name = try words.required()
                guard let index = try session.lookUp(name) else {
                    throw .invalid(name, "Device does not exist\n")
                }
                filter.master = index
            case "nomaster": filter.master = InterfaceIndex.none
            case "type": filter.kind = try words.required()
            case "help": throw Usage.error(.link, status: 255)
            default:
                var name = word
                if name == "dev" { name = try words.required() }
                if filter.device != nil { throw .garbage(name, orDuplicate: "dev") }
                filter.device = name
            }
        }
        return filter
    }

    private static func notInContext(_ word: Word) -> CommandError {
        CommandError(
            "Error: \"\(word.string)\" may be inet prefix, but it is not allowed in this context.", status: 1,
            endsBatch: true)
    }
}
