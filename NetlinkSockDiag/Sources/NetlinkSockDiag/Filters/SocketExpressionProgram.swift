// SPDX-License-Identifier: Apache-2.0

internal import NetlinkCore

/// A filter as the kernel runs it: conditional jumps forward, to acceptance at the end or to rejection four bytes behind it.
///
/// Kernel: `INET_DIAG_REQ_BYTECODE`, `struct inet_diag_bc_op` and what belongs to each.
struct SocketExpressionProgram: Hashable {
    /// What the kernel is to let pass of internet sockets: what a filter means, or more.
    enum Compiled: Hashable {
        case always
        case never
        case program(SocketExpressionProgram)
    }

    private(set) var bytes: [UInt8]

    private static let operationByteCount = 4  // sizeof(struct inet_diag_bc_op)
    // An attribute's payload; jumps reach as far.
    private static let byteLimit = 65_528

    /// A filter compiled as far as the kernel can judge it.
    struct Compilation: Hashable {
        /// What the kernel lets pass.
        var code: Compiled
        /// Whether that is what the filter means; if not, more passes and is sorted out here.
        var isExact: Bool
        /// Whether what passes can be sorted out here: only the kernel knows of some conditions.
        var isDecidable: Bool
    }

    /// Compiles a filter.
    static func compile(_ filter: SocketExpression) -> Compilation {
        switch fold(filter) {
        case .exact(let code): return Compilation(code: code, isExact: true, isDecidable: true)
        case .rough(let code, _):
            guard filter.onlyKernelKnows else { return Compilation(code: code, isExact: false, isDecidable: true) }
            // A condition that only the kernel knows is safe where it stands beside the others and has to hold: in front,
            // so that it is not what is left out.
            guard case .all(let filters) = filter,
                case .exact = fold(.all(filters.filter(\.onlyKernelKnows)))
            else { return Compilation(code: code, isExact: false, isDecidable: false) }
            let ordered = filters.filter(\.onlyKernelKnows) + filters.filter { !$0.onlyKernelKnows }
            return Compilation(code: fold(.all(ordered)).code, isExact: false, isDecidable: true)
        }
    }

    /// What is known of a filter, or of a part of one.
    private enum Knowledge {
        /// What it means.
        case exact(Compiled)
        /// What is let pass at least when it holds, and when it does not.
        case rough(Compiled, negated: Compiled)

        /// Nothing that the kernel could judge.
        static var nothing: Self { .rough(.always, negated: .always) }

        var code: Compiled {
            switch self {
            case .exact(let code), .rough(let code, _): code
            }
        }

        var negated: Self {
            switch self {
            case .rough(let code, let negated): return .rough(negated, negated: code)
            case .exact(.always): return .exact(.never)
            case .exact(.never): return .exact(.always)
            case .exact(.program(let program)):
                guard let negated = program.negated else { return .rough(.always, negated: .program(program)) }
                return .exact(.program(negated))
            }
        }

        var isExact: Bool {
            if case .exact = self { true } else { false }
        }
    }

    private static func fold(_ filter: SocketExpression) -> Knowledge {
        switch filter {
        case .all(let filters): return all(filters.map(fold))
        case .any(let filters): return any(filters.map(fold))
        case .not(.not(let filter)): return fold(filter)
        case .not(let filter): return fold(filter).negated
        case .user: return .nothing
        default: return .exact(condition(filter))
        }
    }

    private static func all(_ parts: [Knowledge]) -> Knowledge {
        let (code, isWhole) = conjunction(parts.map(\.code))
        if code == .never { return .exact(.never) }
        if isWhole, parts.allSatisfy(\.isExact) { return .exact(code) }
        let negated = disjunction(parts.map(\.negated.code)).code
        return negated == .never ? .exact(.always) : .rough(code, negated: negated)
    }

    private static func any(_ parts: [Knowledge]) -> Knowledge {
        let (code, isWhole) = disjunction(parts.map(\.code))
        if code == .never { return .exact(.never) }
        if isWhole, parts.allSatisfy(\.isExact) { return .exact(code) }
        let negated = conjunction(parts.map(\.negated.code)).code
        return negated == .never ? .exact(.always) : .rough(code, negated: negated)
    }

    /// Where all hold; what does not fit any more is left out, so that more passes.
    private static func conjunction(_ codes: [Compiled]) -> (code: Compiled, isWhole: Bool) {
        if codes.contains(.never) { return (.never, true) }
        var programs: [Self] = []
        var count = 0
        var isWhole = true
        for case .program(let program) in codes {
            if count + program.bytes.count <= byteLimit {
                programs.append(program)
                count += program.bytes.count
            } else {
                isWhole = false
            }
        }
        guard !programs.isEmpty else { return (.always, isWhole) }
        // Each rejects behind the end of all that follow it.
        var bytes: [UInt8] = []
        for program in programs { bytes += program.rejecting(past: count - bytes.count - program.bytes.count) }
        return (.program(Self(bytes: bytes)), isWhole)
    }

    /// Where one holds; what does not fit makes everything pass.
    private static func disjunction(_ codes: [Compiled]) -> (code: Compiled, isWhole: Bool) {
        if codes.contains(.always) { return (.always, true) }
        var bytes: [UInt8] = []
        for case .program(let program) in codes {
            guard !bytes.isEmpty else {
                bytes = program.bytes
                continue
            }
            // Where the one before rejects stands the next; where it accepts, a jump past that.
            let distance = program.bytes.count + operationByteCount
            guard bytes.count + distance <= byteLimit else { return (.always, false) }
            bytes += jump(distance).bytes
            bytes += program.bytes
        }
        return bytes.isEmpty ? (.never, true) : (.program(Self(bytes: bytes)), true)
    }

    private static func condition(_ filter: SocketExpression) -> Compiled {
        switch filter {
        case .local(.internet(let prefix, let port)): return .program(host(.localHost, prefix, port))
        case .remote(.internet(let prefix, let port)): return .program(host(.remoteHost, prefix, port))
        case .localPort(let comparison, let port):
            return compare(port, comparison, .localHost, .localAtLeast, .localAtMost)
        case .remotePort(let comparison, let port):
            return compare(port, comparison, .remoteHost, .remoteAtLeast, .remoteAtMost)
        case .interface(let index):
            return .program(Self(.interface, [UInt32(bitPattern: index.rawValue)]))
        case .mark(let mark, let mask): return .program(Self(.mark, [mark, mask]))
        case .cgroup(let id):
            return .program(Self.operation(.cgroup, argumentByteCount: 8) { $0.append(id) })
        case .isAutobound: return .program(Self(.isAutobound, []))
        // Addresses of other families: no internet socket has one.
        default: return .never
        }
    }

    private static func compare(
        _ port: UInt16, _ comparison: PortComparison, _ equal: Operation, _ atLeast: Operation, _ atMost: Operation
    ) -> Compiled {
        switch comparison {
        case .equal: .program(host(equal, nil, port))
        case .notEqual: .program(host(equal, nil, port).reversed)
        case .atLeast: .program(bound(atLeast, port))
        case .atMost: .program(bound(atMost, port))
        case .greater: .program(bound(atMost, port).reversed)
        case .less: .program(bound(atLeast, port).reversed)
        }
    }

    /// The kernel's operations.
    private struct Operation: RawRepresentable {
        let rawValue: UInt8

        static var jump: Self { Self(rawValue: 1) }  // INET_DIAG_BC_JMP
        static var localAtLeast: Self { Self(rawValue: 2) }  // INET_DIAG_BC_S_GE
        static var localAtMost: Self { Self(rawValue: 3) }  // INET_DIAG_BC_S_LE
        static var remoteAtLeast: Self { Self(rawValue: 4) }  // INET_DIAG_BC_D_GE
        static var remoteAtMost: Self { Self(rawValue: 5) }  // INET_DIAG_BC_D_LE
        static var isAutobound: Self { Self(rawValue: 6) }  // INET_DIAG_BC_AUTO
        static var localHost: Self { Self(rawValue: 7) }  // INET_DIAG_BC_S_COND
        static var remoteHost: Self { Self(rawValue: 8) }  // INET_DIAG_BC_D_COND
        static var interface: Self { Self(rawValue: 9) }  // INET_DIAG_BC_DEV_COND
        static var mark: Self { Self(rawValue: 10) }  // INET_DIAG_BC_MARK_COND
        static var cgroup: Self { Self(rawValue: 13) }  // INET_DIAG_BC_CGROUP_COND
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    /// One operation with words behind it, to which it belongs.
    private init(_ operation: Operation, _ words: [UInt32]) {
        self = Self.operation(operation, argumentByteCount: words.count * 4) { writer in
            for word in words { writer.append(word) }
        }
    }

    private static func operation(
        _ operation: Operation, argumentByteCount: Int, no: Int? = nil, _ argument: (inout MessageWriter) -> Void
    ) -> Self {
        let byteCount = operationByteCount + argumentByteCount
        var writer = MessageWriter(capacity: 64)
        writer.structure(operationByteCount) { structure in
            structure.store(operation.rawValue, at: 0)  // struct inet_diag_bc_op.code
            // Where it holds, what comes next; where not, behind the end.
            structure.store(UInt8(truncatingIfNeeded: byteCount), at: 1)  // struct inet_diag_bc_op.yes
            structure.store(UInt16(truncatingIfNeeded: no ?? byteCount + 4), at: 2)  // struct inet_diag_bc_op.no
        }
        argument(&writer)
        return Self(bytes: writer.bytes.array)
    }

    /// A port that bounds; it stands in an operation of its own, which is never run.
    private static func bound(_ operation: Operation, _ port: UInt16) -> Self {
        Self.operation(operation, argumentByteCount: operationByteCount) { writer in
            writer.structure(operationByteCount) { structure in
                structure.store(port, at: 2)  // struct inet_diag_bc_op.no
            }
        }
    }

    private static func host(_ operation: Operation, _ prefix: IPPrefix?, _ port: UInt16?) -> Self {
        let fixed = 8  // sizeof(struct inet_diag_hostcond)
        // Without an address the kernel still wants four bytes of one.
        let address = prefix?.address ?? .v4(.any)
        let byteCount = fixed + address.byteCount
        return Self.operation(operation, argumentByteCount: byteCount) { writer in
            writer.structure(byteCount) { structure in
                let family = prefix?.family ?? .unspecified
                structure.store(family.rawValue, at: 0)  // struct inet_diag_hostcond.family
                structure.store(prefix?.length ?? 0, at: 1)  // struct inet_diag_hostcond.prefix_len
                structure.store(port.map(Int32.init) ?? -1, at: 4)  // struct inet_diag_hostcond.port
                structure.store(address, at: 8)  // struct inet_diag_hostcond.addr
            }
        }
    }

    private static func jump(_ distance: Int) -> Self {
        Self.operation(.jump, argumentByteCount: 0, no: distance) { _ in }
    }

    /// The bytes with the rejections, which are the jumps to four bytes behind the end, moved on by a distance.
    private func rejecting(past distance: Int) -> [UInt8] {
        guard distance > 0 else { return bytes }
        var moved = bytes
        var offset = 0
        while offset + Self.operationByteCount <= moved.count {
            let no = Self.loadJump(moved, offset)
            // All of it is no larger than an attribute, so that the jump does not overflow.
            if offset + no == moved.count + 4 {
                Self.storeJump(&moved, offset, UInt16(truncatingIfNeeded: no + distance))
            }
            offset += max(Int(moved[offset + 1]), Self.operationByteCount)
        }
        return moved
    }

    private static let isLittleEndian = UInt16(1).littleEndian == 1

    private static func loadJump(_ bytes: [UInt8], _ offset: Int) -> Int {
        let (first, second) = (Int(bytes[offset + 2]), Int(bytes[offset + 3]))
        return isLittleEndian ? first | second << 8 : first << 8 | second
    }

    private static func storeJump(_ bytes: inout [UInt8], _ offset: Int, _ value: UInt16) {
        let low = UInt8(truncatingIfNeeded: value)
        let high = UInt8(truncatingIfNeeded: value >> 8)
        bytes[offset + 2] = isLittleEndian ? low : high
        bytes[offset + 3] = isLittleEndian ? high : low
    }

    /// The opposite; nil where that is larger than the kernel takes.
    private var negated: Self? { bytes.count + Self.operationByteCount <= Self.byteLimit ? reversed : nil }

    /// The opposite, of whatever size.
    private var reversed: Self {
        // Where it rejects is now the end, and where it accepts a jump to rejection.
        Self(bytes: bytes + Self.jump(2 * Self.operationByteCount).bytes)
    }
}
