// SPDX-License-Identifier: Apache-2.0

internal import NetlinkCore

/// A filter as the kernel runs it: conditional jumps forward, to acceptance at the end or to rejection four bytes behind it.
///
/// Kernel: `INET_DIAG_REQ_BYTECODE`, `struct inet_diag_bc_op` and what belongs to each.
struct SocketExpressionProgram: Hashable {
    /// What a filter comes to for internet sockets.
    enum Compiled: Hashable {
        case always
        case never
        case program(SocketExpressionProgram)
        /// Larger than the kernel takes.
        case tooLarge
    }

    private(set) var bytes: [UInt8]

    private static let operationByteCount = 4  // sizeof(struct inet_diag_bc_op)
    // An attribute's payload; jumps reach as far.
    private static let byteLimit = 65_528

    /// Compiles a filter.
    static func compile(_ filter: SocketExpression) -> Compiled {
        let folded = fold(filter)
        if case .program(let program) = folded, program.bytes.count > byteLimit { return .tooLarge }
        return folded
    }

    private static func fold(_ filter: SocketExpression) -> Compiled {
        switch filter {
        case .all(let filters):
            var result = Compiled.always
            for filter in filters {
                switch (result, fold(filter)) {
                case (_, .never): return .never
                case (.tooLarge, _), (_, .tooLarge): result = .tooLarge
                case (_, .always): break
                case (.program(let first), .program(let second)): result = first.and(second)
                case (_, let other): result = other
                }
            }
            return result
        case .any(let filters):
            var result = Compiled.never
            for filter in filters {
                switch (result, fold(filter)) {
                case (_, .always): return .always
                case (.tooLarge, _), (_, .tooLarge): result = .tooLarge
                case (_, .never): break
                case (.program(let first), .program(let second)): result = first.or(second)
                case (_, let other): result = other
                }
            }
            return result
        case .not(let filter):
            switch fold(filter) {
            case .always: return .never
            case .never: return .always
            case .program(let program): return program.negated
            case .tooLarge: return .tooLarge
            }
        default: return condition(filter)
        }
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
        case .notEqual: host(equal, nil, port).negated
        case .atLeast: .program(bound(atLeast, port))
        case .atMost: .program(bound(atMost, port))
        case .greater: bound(atMost, port).negated
        case .less: bound(atLeast, port).negated
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

    /// Moves by `distance` the rejections, which are the jumps to four bytes behind the end; false where one gets too far.
    private mutating func moveRejections(by distance: Int) -> Bool {
        var offset = 0
        while offset + Self.operationByteCount <= bytes.count {
            let yes = Int(bytes[offset + 1])
            let no = Self.loadJump(bytes, offset)
            if offset + no == bytes.count + 4 {
                guard let moved = UInt16(exactly: no + distance) else { return false }
                Self.storeJump(&bytes, offset, moved)
            }
            guard yes >= Self.operationByteCount else { return true }
            offset += yes
        }
        return true
    }

    private static func loadJump(_ bytes: [UInt8], _ offset: Int) -> Int {
        Int((try? bytes.rawSpan.load(at: offset + 2, as: UInt16.self)) ?? 0)  // struct inet_diag_bc_op.no
    }

    private static func storeJump(_ bytes: inout [UInt8], _ offset: Int, _ value: UInt16) {
        let isLittleEndian = value.littleEndian == value
        let low = UInt8(truncatingIfNeeded: value)
        let high = UInt8(truncatingIfNeeded: value >> 8)
        bytes[offset + 2] = isLittleEndian ? low : high
        bytes[offset + 3] = isLittleEndian ? high : low
    }

    private func and(_ other: Self) -> Compiled {
        var first = self
        guard bytes.count + other.bytes.count <= Self.byteLimit, first.moveRejections(by: other.bytes.count) else {
            return .tooLarge
        }
        return .program(Self(bytes: first.bytes + other.bytes))
    }

    private func or(_ other: Self) -> Compiled {
        // Where the first rejects stands the second; where it accepts, a jump past that.
        let distance = other.bytes.count + Self.operationByteCount
        guard bytes.count + distance <= Self.byteLimit else { return .tooLarge }
        return .program(Self(bytes: bytes + Self.jump(distance).bytes + other.bytes))
    }

    private var negated: Compiled {
        // Where it rejects is now the end, and where it accepts a jump to rejection.
        guard bytes.count + Self.operationByteCount <= Self.byteLimit else { return .tooLarge }
        return .program(Self(bytes: bytes + Self.jump(2 * Self.operationByteCount).bytes))
    }
}
