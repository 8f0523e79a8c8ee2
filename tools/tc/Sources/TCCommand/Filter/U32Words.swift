// SPDX-License-Identifier: Apache-2.0

internal import CommandKit
internal import NetlinkCore
internal import NetlinkTC

/// The words of `u32`.
struct U32Words {
    private var kind = U32Filter([])
    private var selector = U32Selector()
    private var hasSelector = false
    private var order: UInt32?
    private var table: U32Handle?
    private var bucket: UInt32?
    private var flags: FilterFlags = []

    @Sendable
    static func parse(
        _ words: inout Words, _ filter: inout Filter, _ handle: Word?, _ session: inout Session
    ) throws(CommandError) {
        if let handle {
            guard let number = U32Handle(handle.string) else { throw CommandError("Illegal filter ID", status: 1) }
            filter.handle = number.rawValue
        }
        if words.isEmpty { return }
        var reading = U32Words()
        while let word = words.next() { try reading.parse(word, &words, &session) }
        filter.kind = AnyFilterKind(try reading.finish(&filter))
    }

    private mutating func parse(
        _ word: Word, _ words: inout Words, _ session: inout Session
    ) throws(CommandError) {
        switch word {
        case prefix("match"):
            if words.isEmpty { throw .incomplete }
            guard try U32Matches.parse(&words, &selector, &kind.mark) else { throw Self.illegal("match") }
            hasSelector = true
        case prefix("offset"):
            if words.isEmpty { throw .incomplete }
            guard try parseOffset(&words) else { throw Self.illegal("offset") }
        case prefix("hashkey"):
            if words.isEmpty { throw .incomplete }
            guard try parseHashKey(&words) else { throw Self.illegal("hashkey") }
        case prefix("classid"), "flowid":
            kind.classID = try FilterWords.classID(&words, &session)
            selector.flags.insert(.terminal)
        case prefix("divisor"): kind.divisor = try divisor(&words, "\"divisor\"")
        case prefix("order"):
            guard let number = try words.required().number(UInt32.self) else { throw Self.illegal("order") }
            order = number
        case "link":
            guard let link = U32Handle(try words.required().string) else { throw Self.illegal("link") }
            if link.filter != 0 { throw CommandError("\"link\" must be a hash table.", status: 1) }
            kind.link = link
        case "ht":
            guard let handle = U32Handle(try words.required().string) else { throw Self.illegal("ht") }
            table = handle
        case prefix("sample"): try parseSample(&words)
        case "indev": kind.inputName = try FilterWords.interface(&words)
        case prefix("action"):
            kind.actions = try FilterWords.actions(&words, &session)
            selector.flags.insert(.terminal)
        case prefix("police"):
            kind.police = try FilterWords.police(&words, &session)
            selector.flags.insert(.terminal)
        case "skip_hw": flags.insert(.skipHardware)
        case "skip_sw": flags.insert(.skipSoftware)
        case "help": throw Usage.error(.u32, status: 1)
        default: throw FilterWords.unknown(word, .u32)
        }
    }

    private static func illegal(_ name: String) -> CommandError { CommandError("Illegal \"\(name)\"", status: 1) }

    private func divisor(_ words: inout Words, _ name: String) throws(CommandError) -> UInt32 {
        guard let number = try words.required().number(UInt32.self), (1...256).contains(number),
            number & (number - 1) == 0
        else { throw CommandError("Illegal \(name)", status: 1) }
        return number
    }

    /// `offset [mask M] [at N] [shift N] [plus N] [eat]`.
    private mutating func parseOffset(_ words: inout Words) throws(CommandError) -> Bool {
        while let word = words.peek {
            switch word {
            case prefix("mask"):
                words.position += 1
                guard let mask = try words.required().number(UInt16.self, base: 16) else { return false }
                selector.offsetMask = mask
                selector.flags.insert(.variableOffset)
            case prefix("at"):
                words.position += 1
                guard let offset = try words.required().number(Int32.self) else { return false }
                if offset & 1 != 0 {
                    CommandError("offset \"at\" must be even", status: 0).report()
                    return false
                }
                selector.variableOffset = Int16(truncatingIfNeeded: offset)
                selector.flags.insert(.variableOffset)
            case prefix("shift"):
                words.position += 1
                guard let shift = try words.required().number(UInt8.self) else { return false }
                selector.offsetShift = shift
                selector.flags.insert(.variableOffset)
            case prefix("plus"):
                words.position += 1
                guard let offset = try words.required().number(UInt16.self) else { return false }
                selector.fixedOffset = offset
                selector.flags.insert(.offset)
            case prefix("eat"):
                words.position += 1
                selector.flags.insert(.eat)
            default: return true
            }
        }
        return true
    }

    /// `hashkey [mask M] [at N]`.
    private mutating func parseHashKey(_ words: inout Words) throws(CommandError) -> Bool {
        while let word = words.peek {
            switch word {
            case prefix("mask"):
                words.position += 1
                guard let mask = try words.required().number(UInt32.self, base: 16) else { return false }
                selector.hashMask = mask
            case prefix("at"):
                words.position += 1
                guard let offset = try words.required().number(Int16.self), offset & 3 == 0 else { return false }
                selector.hashOffset = offset
            default: return true
            }
        }
        return true
    }

    /// `sample SELECTOR [divisor N]`: the bucket into which packets like this one come.
    private mutating func parseSample(_ words: inout Words) throws(CommandError) {
        var sample = U32Selector()
        var mark: U32Filter.Mark?
        if words.isEmpty { throw .incomplete }
        guard try U32Matches.parse(&words, &sample, &mark) else { throw Self.illegal("sample") }
        guard sample.keys.count == 1, let key = sample.keys.first else {
            throw CommandError("\"sample\" must contain exactly ONE key.", status: 1)
        }
        var count: UInt32 = 256
        if words.take("divisor") { count = try divisor(&words, "sample \"divisor\"") }
        bucket = (key.value & key.mask) >> UInt32(min(key.mask.trailingZeroBitCount, 31)) & 0xff & (count - 1)
    }

    private mutating func finish(_ filter: inout Filter) throws(CommandError) -> U32Filter {
        if flags.isSuperset(of: [.skipHardware, .skipSoftware]) {
            throw CommandError("skip_hw and skip_sw are mutually exclusive", status: 1)
        }
        if let order, order != 0 {
            let handle = U32Handle(rawValue: filter.handle)
            if handle.filter != 0, handle.filter != order {
                throw CommandError("\"order\" contradicts \"handle\"", status: 1)
            }
            filter.handle |= order
        }
        if let bucket {
            kind.hashTable = U32Handle(table: table?.table ?? 0, bucket: bucket)
        } else if let table {
            kind.hashTable = U32Handle(table: table.table, bucket: table.bucket)
        }
        kind.selector = hasSelector ? selector : nil
        if !flags.isEmpty { kind.flags = flags }
        return kind
    }
}
